"""Tables of other libraries: their texts taken out, and the same kind of table given back."""
