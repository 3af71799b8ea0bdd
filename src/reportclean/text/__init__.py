"""Pure functions on ``str``: finders that yield spans with a kind, splitting, folding."""
