"""Placeholders: what a template leaves where a year, a name or a sum belongs."""
