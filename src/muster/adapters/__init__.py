"""Adapters: one file or folder per outside technology, each filling a port. They do not know each other; wiring binds them."""
