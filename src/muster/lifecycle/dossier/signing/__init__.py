"""Signing: what the house attests of its own entries, in the words that other tools read."""
