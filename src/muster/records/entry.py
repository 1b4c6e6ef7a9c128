"""Entry: one line of the ledger, in which every record is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from muster.records.canonical import canonical, parse
from muster.records.codec import moment, stamp

LOCAL = "local:"
"""Prefix of an actor who acted without a server, by access to the files alone: nothing authenticated the name."""

ACCOUNT = "/"
"""Parts the person who answers for a service account from its name: ``ana/nightly-training``."""


def person_of(actor: str) -> str:
    """Return the person behind an actor as entries name it, however they came in and whatever acted for them."""
    return actor.removeprefix(LOCAL).partition(ACCOUNT)[0]


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened: ``kind`` (noun.verb), about which ``subject``, by which actor, at which moment (UTC)."""

    kind: str
    subject: str
    actor: str
    at: datetime
    body: Mapping[str, Any]
    v: int = 1

    def to_bytes(self) -> bytes:
        """Return the RFC 8785 bytes that the ledger stores and hashes."""
        return canonical(
            {
                "v": self.v,
                "kind": self.kind,
                "subject": self.subject,
                "actor": self.actor,
                "at": stamp(self.at),
                "body": self.body,
            }
        )

    @classmethod
    def from_bytes(cls, raw: bytes) -> Entry:
        """Read an entry back; raise ValueError where the bytes are not an entry in canonical form."""
        fields = parse(raw)
        if not isinstance(fields, dict) or set(fields) != {"v", "kind", "subject", "actor", "at", "body"}:
            msg = "not a ledger entry: it must have exactly the fields v, kind, subject, actor, at, body"
            raise ValueError(msg)
        texts = [fields[name] for name in ("kind", "subject", "actor", "at")]
        if not all(isinstance(text, str) for text in texts) or not isinstance(fields["body"], dict) or fields["v"] != 1:
            msg = "not a ledger entry: kind, subject, actor and at are text, body is an object, v is 1"
            raise ValueError(msg)
        entry = cls(**{**fields, "at": moment(fields["at"])})
        if entry.to_bytes() != raw:
            msg = f"ledger entry of kind {entry.kind!r} is not in canonical form"
            raise ValueError(msg)
        return entry

    @property
    def person(self) -> str:
        """Who answers for it: the actor without the mark of local mode; for a service account, its person."""
        return person_of(self.actor)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An entry with its place in the ledger; ``raw`` are the very bytes stored there."""

    seq: int
    entry: Entry
    raw: bytes


@dataclass(frozen=True, slots=True)
class Basis:
    """What a decision read: the ledger up to ``size``, about ``subjects`` (None: everything)."""

    size: int
    subjects: frozenset[str] | None = None
