"""Spelling: characters in a name that no reader sees, or that look like those of another name."""

from __future__ import annotations

import re
import unicodedata

INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e01ef]"
)
"""Control and format characters, and letters that are drawn as nothing."""

_ALIKE = str.maketrans(
    # Letters of other alphabets to the Latin ones that they look like; from reading, not a complete table.
    "аеорсухіјѕһԁԛԝгпьᴀᴄᴏκοραντυιενγηβχωƅɑɡɩʟոսօցհᎥӏ‐‑‒–—−․",  # noqa: RUF001 - that is what they are here for
    "aeopcyxijshdqwrnbacokopavtuievynbxwbagllnuoghil------.",
)


def skeleton(name: str) -> str:
    """Return the plain letters that a reader takes a name for."""
    plain = unicodedata.normalize("NFKD", INVISIBLE.sub("", name)).lower().translate(_ALIKE)
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
