"""Judging: what is held of a reference, and what becomes of the text that makes it."""
