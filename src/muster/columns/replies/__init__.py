"""Replies: what language models answered, counted: packages that they name, and profiles by which a change shows."""
