"""Text that was decoded with the wrong character set: what happened, where, and what it should be."""
