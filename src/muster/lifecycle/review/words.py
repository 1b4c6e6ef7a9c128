"""Words of reviewers: sealed for whoever wrote them, so that they can be erased, and read where they still are."""

from __future__ import annotations

from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.keeping import locked_until
from muster.ports.vault import Erased
from muster.rules.personal import Words, salted

ERASED = "(erased)"


def sealed(context: Context, words: str) -> str:
    """Keep words under the key of whoever is asking; return the digest of the sealed bytes, empty for no words."""
    if not words.strip():
        return ""
    locked = locked_until(context, "comments")
    return context.house.vault.seal(f"actor:{context.identity.id}", salted(words).to_bytes(), locked)


def read(context: Context, digest: str) -> str:
    """Return sealed words; ``(erased)`` where nobody can read them any more, empty where there were none."""
    if not digest:
        return ""
    try:
        return Words.from_bytes(context.house.vault.open(digest)).words
    except (Erased, KeyError):
        return ERASED
