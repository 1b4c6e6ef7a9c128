"""Proof that a compiled model decides as its original: the rows that would show a difference, and the comparison."""
