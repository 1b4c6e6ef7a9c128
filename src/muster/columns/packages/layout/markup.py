"""Markup: HTML in an answer, read as its reader will see it, every character in its place."""

from __future__ import annotations

import html
import re

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8});")
_TAG = re.compile(r"<(?:br\b[^<>]*|/?[A-Za-z][\w-]*(?:\s[^<>]*)?)>")
_PAD = "\u2060"
"""Stands for the rest of an entity within a name: whoever hides a letter like that hides a name."""


def plain(text: str) -> str:
    """Return a text of the same length without tags and entities; a line break becomes one."""
    if "<" in text:
        text = _TAG.sub(lambda tag: ("\n" if tag[0][:3].lower() == "<br" else " ") + " " * (len(tag[0]) - 1), text)
    return _ENTITY.sub(_letter, text) if "&" in text else text


def _letter(entity: re.Match[str]) -> str:
    letter = html.unescape(entity[0])
    if len(letter) != 1:
        return entity[0]
    if letter.isalnum() or letter in "-_.":
        return letter + _PAD * (len(entity[0]) - 1)
    return (" " if letter.isspace() else letter).rjust(len(entity[0]))
