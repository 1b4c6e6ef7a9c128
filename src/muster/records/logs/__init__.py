"""Logs: what is told of the inference log, and of its segments."""
