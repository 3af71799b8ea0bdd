"""How documents are joined where many are looked at together."""

# No pattern crosses a NUL, so a finder sees the same in joined documents as one by one; and folding drops it.
SEPARATOR = "\n\x00\n"
