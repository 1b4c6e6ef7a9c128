"""Checks of oversight: how often people decide otherwise than a model, and what is left to them."""
