"""Where the order of a document is broken: stuck headings, gaps, lost words, cut ends."""
