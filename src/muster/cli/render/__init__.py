"""How results look on a terminal: one file for each sort of result."""
