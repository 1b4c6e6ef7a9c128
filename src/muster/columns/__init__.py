"""Columns: our computing without I/O, shared by checks, guards and gateway: samples, profiles, encoder, compiler."""
