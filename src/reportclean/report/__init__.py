"""Results as text: pure functions from records to ``str``."""
