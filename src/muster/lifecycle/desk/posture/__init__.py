"""Posture: how every release stands, kept up to date from the entries that arrive."""
