"""Formats: one file each. Reading cuts an input into chunks that workers read by themselves."""
