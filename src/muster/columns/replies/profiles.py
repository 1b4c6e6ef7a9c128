"""Profiles of answers: by them it shows that a provider answers otherwise than before; nothing it said is kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from muster.records.canonical import digest

CLOSE = 1.25
"""Lengths that differ by less than this factor are alike."""

_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Profile:
    """What is kept of one answer."""

    text: str
    """Digest of the text, with runs of blanks as one."""
    characters: int
    tokens: int
    packages: tuple[str, ...]
    """Packages that it names, as ``pypi:name``."""

    def alike(self, other: Profile) -> bool:
        """Whether two answers are the same, or name the same packages and are about as long."""
        if self.text == other.text:
            return True
        shorter, longer = sorted((self.characters, other.characters))
        return self.packages == other.packages and longer <= max(shorter, 1) * CLOSE


def profile_of(text: str, tokens: int, packages: Sequence[str]) -> Profile:
    """Return the profile of an answer."""
    plain = _SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip()
    return Profile(digest(plain.encode()), len(plain), tokens, tuple(sorted(set(packages))))


def compared(before: Mapping[str, Sequence[Profile]], now: Mapping[str, Sequence[Profile]]) -> pa.Table:
    """Hold the answers of today against the first ones: one row a prompt.

    Returns
    -------
    pyarrow.Table
        ``prompt``; ``changed_text``: no answer of today is word for word one of the first; ``changed_profile``: none
        is even alike one of them.

    Raises
    ------
    ValueError
        If the two are not about the same prompts.
    """
    if before.keys() != now.keys():
        msg = "the canaries that were asked are not those of the reference: choose them again (muster canary set)"
        raise ValueError(msg)
    names = sorted(before)
    texts = [not any(new.text == old.text for new in now[name] for old in before[name]) for name in names]
    profiles = [not any(new.alike(old) for new in now[name] for old in before[name]) for name in names]
    return pa.table({"prompt": names, "changed_text": texts, "changed_profile": profiles})
