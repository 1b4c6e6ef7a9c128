"""Words about people: what stands for them where nothing may be erased, and says nothing once they are.

A plain digest of a short comment could be guessed. The digest is therefore over a random salt and the words; salt and
words are sealed together, so that destroying their key leaves a digest of which nobody can tell what it stood for.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from muster.records.canonical import canonical, digest, parse
from muster.records.codec import decode, encode

LONGEST = 10_000
"""Characters of a comment."""


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote, with the salt of its digest."""

    salt: str
    words: str

    @property
    def commitment(self) -> str:
        """Digest that stands for the words in what is signed and recorded."""
        return digest(self.to_bytes())

    def to_bytes(self) -> bytes:
        """Return what is sealed."""
        return canonical(encode(self))

    @classmethod
    def from_bytes(cls, content: bytes) -> Words:
        """Read what was sealed; raise ValueError where it is something else."""
        return decode(cls, parse(content), "sealed words")


def salted(words: str) -> Words:
    """Give words a salt of 128 random bits; raise ValueError where they are too long or cannot be kept."""
    if len(words) > LONGEST:
        msg = f"the comment has {len(words)} characters: {LONGEST} is the most"
        raise ValueError(msg)
    return Words(secrets.token_hex(16), words)
