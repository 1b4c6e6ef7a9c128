"""What people said in their own words: sealed beside the ledger, so that it can be erased."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from muster.verifier.entries.dossier import Dossier
from muster.verifier.proof.canonical import digest, need

TEXTS = ("comment", "words", "comments")


def texts(body: Any) -> Iterator[str]:
    """Yield the digests of what people said, wherever in a body they stand."""
    held = body.items() if isinstance(body, dict) else [("", each) for each in body] if isinstance(body, list) else ()
    for name, value in held:
        if name in TEXTS and isinstance(value, str) and re.fullmatch("sha256:[0-9a-f]{64}", value):
            yield value
        yield from texts(value)


def comments(dossier: Dossier) -> tuple[int, int]:
    """Return how many sealed texts are here, and how many were erased; one that is neither fails."""
    gone: set[str] = set()
    for _, entry in dossier.of("retention.applied"):  # what a later run says is locked, as by a legal hold, has stayed
        gone = (gone | set(entry["body"]["removed"])) - set(entry["body"].get("locked", ()))
    gone |= {name for _, entry in dossier.of("personal-data.erased") for name in entry["body"]["sealed"]}
    said = {name for entry in dossier.entries.values() for name in texts(entry["body"])}
    here = {"sha256:" + name[7:]: raw for name, raw in dossier.members.items() if name.startswith("sealed/")}
    need(all(digest(raw) == name for name, raw in here.items()), "a sealed comment was changed")
    need(not here.keys() - said, "there is a sealed member that no entry names")
    need(not said - here.keys() - gone, "what somebody said is not in the dossier, and was not erased either")
    return len(here), len(said - here.keys())
