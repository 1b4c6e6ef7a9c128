"""Admission: what a gateway proves before it serves, and the table that comes of it."""
