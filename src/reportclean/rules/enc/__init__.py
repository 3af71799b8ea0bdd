"""Encodings: text that was decoded wrongly, escaped for a machine, or carries characters nobody sees."""
