"""Packages: which ones a text names, and what is known of each; no I/O, the lists of names are given."""
