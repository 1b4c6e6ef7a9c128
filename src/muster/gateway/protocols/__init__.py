"""Protocols: each reads requests into rows and writes decisions its own way; all of them ask the same desk."""
