"""What converters, copy sites and anti-copy scripts leave in a text."""
