"""Policies: drafts are tried on all of history, read in words, proposed and signed."""
