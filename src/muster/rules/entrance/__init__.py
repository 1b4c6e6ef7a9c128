"""Entrance: what a password must be, and how often somebody may try."""
