"""Engines run the stages: here, in worker processes, over files."""
