"""Packages at the command line: which files are looked at, what is the project's own, and how findings are told."""
