"""Leakage: what a model could know in testing and will not know in use."""
