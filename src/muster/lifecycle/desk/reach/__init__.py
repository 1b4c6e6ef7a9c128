"""Reach: whether a role that counts somewhere only covers what is asked."""
