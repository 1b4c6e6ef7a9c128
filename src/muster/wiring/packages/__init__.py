"""Lists of package names bound: opened, taken, and texts held against them."""
