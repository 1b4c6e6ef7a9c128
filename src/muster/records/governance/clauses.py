"""Clauses and what the house makes of them: regimes, what they ask in our own words, and the objectives that answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from muster.records.codec import ADDED
from muster.records.governance.terms import Selector


class Confidence(StrEnum):
    """How well it is known that a clause says what its summary says."""

    READ = "read"
    """Read in a primary or stored source."""
    UNVERIFIED = "unverified"
    """From general knowledge: check the text before relying on it."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a law, rule or standard: its id and our own words, never its text."""

    id: str
    """Short name of the regime and number, such as ``RMF MEASURE 2.11``."""
    summary: str
    source: str
    """Where the text is to be found."""
    status: str
    """``in-force``, ``enacted`` (not yet applicable), ``voluntary``, ``policy`` (own rule, no law behind it) or
    ``rescinded``."""
    confidence: Confidence
    jurisdictions: tuple[str, ...] = ()
    in_force_from: str = ""
    """Date as YYYY-MM-DD; empty where it is not known or the clause is voluntary."""
    in_force_until: str = ""
    """Date as YYYY-MM-DD from which it is no longer in force."""
    regime: str = field(default="", metadata=ADDED)
    """Id of its regime; nothing said: the first word of its own id."""
    applies_to: Selector | None = field(default=None, metadata=ADDED)
    """Use cases that it speaks of, beside its jurisdictions; nothing said: those of its regime."""
    supersedes: tuple[str, ...] = field(default=(), metadata=ADDED)
    """Ids of clauses in whose place it came."""


@dataclass(frozen=True, slots=True)
class Regime:
    """A law, a rule, guidance or a standard, with its clauses."""

    id: str
    """Short name, such as ``AIA``: the first word of its clauses' ids."""
    name: str
    source: str
    """Where it is to be found."""
    status: str
    """As of clauses; clauses may have their own."""
    confidence: Confidence
    jurisdictions: tuple[str, ...] = ()
    applies_to: Selector | None = None
    """Use cases that it speaks of, beside its jurisdictions; nothing said: any."""
    in_force_from: str = ""
    in_force_until: str = ""
    supersedes: tuple[str, ...] = ()
    """Ids of regimes in whose place it came."""
    note: str = ""
    """What a reader must know of its state."""


class AnsweredBy(StrEnum):
    """What answers an objective."""

    CHECK = "check"
    """Controls measure it; a policy demands them."""
    GATE = "gate"
    """The gate asks for it of every version, whatever was measured."""
    GATEWAY = "gateway"
    """Gateways hold to it with every request."""
    GUARD = "guard"
    """A guard stands before every answer."""
    LEDGER = "ledger"
    """The ledger shows it: what was done is written there, and proven."""
    RECORD = "record"
    """A record says so: somebody registered, searched or measured it."""
    PERSON = "person"
    """People say so, and answer for it."""
    NOTHING = "nothing"
    """Nothing here yet; the gap says what is missing."""


@dataclass(frozen=True, slots=True)
class Objective:
    """What several clauses ask for in common; controls measure it, or a fact of the house shows it, or nothing does."""

    id: str
    """Such as ``FAIR-01``; controls name it."""
    family: str
    """Such as ``fairness``."""
    statement: str
    answered_by: AnsweredBy
    clauses: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    """Facts of the house that show it, worked out from records: see ``muster.rules.coverage.shown``."""
    gap: str = ""
    """What is not covered of it, said plainly."""
