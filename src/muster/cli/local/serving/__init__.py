"""Serving: what decides rows, started by hand."""
