"""Seen: what was written about one thing, step by step, as it stands now."""
