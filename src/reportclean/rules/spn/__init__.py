"""Script: traditional and simplified writing."""
