"""Printable: texts of others on a terminal, without what would move its cursor, colour it or hide what stands there."""

from __future__ import annotations


def printable(text: str) -> str:
    """Return a text in which each control character, line breaks excepted, has become a visible stand-in."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() or letter == "\n" else "\N{REPLACEMENT CHARACTER}" for letter in text)
