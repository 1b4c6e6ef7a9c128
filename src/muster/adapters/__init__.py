"""Adapters: one file or folder per outside technology, each filling a port; only wiring binds them."""
