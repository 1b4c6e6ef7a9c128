"""Standing: whether what was released still stands, since when it does not, what falls out next, and what then."""
