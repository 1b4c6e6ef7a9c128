"""Limits: how many rows may be asked, at once and a second."""
