"""How results of governing look on a terminal."""
