"""Ceremonies of the trust root: its next version is drafted, read in words, signed by several people, published."""
