"""Many sections as arrays: shingles, signatures, bands, verification, clusters. No text is read here."""
