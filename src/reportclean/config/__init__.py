"""Configuration files: found, read, checked, and merged with what the command line says."""
