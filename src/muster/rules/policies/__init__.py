"""Policies as people read them."""
