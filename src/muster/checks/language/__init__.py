"""Checks of what language models answer."""
