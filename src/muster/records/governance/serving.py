"""Serving terms of a policy: how much may be asked, what goes to a person, what the log may lose."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from muster.records.codec import ADDED


class Holds(StrEnum):
    """How a column is held against a value; a missing value is only ever ``missing``."""

    BELOW = "below"
    AT_MOST = "at-most"
    ABOVE = "above"
    AT_LEAST = "at-least"
    EQUALS = "equals"
    DIFFERS = "differs"
    MISSING = "missing"


class Effect(StrEnum):
    """What a business rule does with the rows that it is about, the mildest first."""

    FLAG = "flag"
    """Mark them in the log."""
    REFER = "refer"
    """Send them to a person: nothing is decided automatically."""
    REFUSE = "refuse"
    """Decide against them, with the rule's own words as the reason, whatever the model says."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison of one input, such as ``loan above 500000``."""

    column: str
    holds: Holds
    value: float | str | None = None
    """A number or a category; nothing for ``missing``."""


@dataclass(frozen=True, slots=True)
class BusinessRule:
    """A rule of the house, as data: where all its conditions hold, it does what ``then`` says."""

    id: str
    when: tuple[Condition, ...]
    then: Effect
    words: str
    """Why, as it is told to whom it concerns; no value of a request."""


@dataclass(frozen=True, slots=True)
class ClientRate:
    """How many rows one client is answered, by its key; where a gateway has a file of clients."""

    rows_per_second: float
    burst: int
    """How many rows may come at once, after a pause."""


@dataclass(frozen=True, slots=True)
class Rate:
    """How many rows a deployment answers; each gateway counts for itself, the workers of one share it."""

    rows_per_second: float
    burst: int
    """How many rows may come at once, after a pause."""
    per_client: ClientRate | None = field(default=None, metadata=ADDED)


@dataclass(frozen=True, slots=True)
class Abstain:
    """Which rows go to a person, because the model alone should not decide them."""

    band: float = 0.0
    """Scores so near to the threshold, on either side."""
    marks: tuple[str, ...] = ()
    """Rows that a guard marked so: ``outside-range``, ``unknown-category``."""


class WhenFull(StrEnum):
    """What becomes of requests that the log cannot take."""

    REFUSE = "refuse"
    """What cannot be logged is not answered."""
    BLOCK = "block"
    """They wait for the disk, so long as it is said, and are refused then."""
    SAMPLE = "sample"
    """They are answered; under pressure a share is logged, and how many were not is logged, too."""


@dataclass(frozen=True, slots=True)
class LogTerms:
    """What the inference log may lose, and what it holds apart."""

    when_full: WhenFull = WhenFull.REFUSE
    wait_seconds: float = 1.0
    """How long a request waits at most (``block``)."""
    share: float = 0.1
    """Of the requests, while the log is more than half full (``sample``)."""
    personal: tuple[str, ...] = ()
    """Inputs that are kept in a stream of their own, which can be dropped or sealed alone."""


@dataclass(frozen=True, slots=True)
class ServingTerms:
    """What a policy asks of every answer beyond what always stands."""

    largest_rows: int | None = None
    """Rows of one request at most."""
    rate: Rate | None = None
    rules: tuple[BusinessRule, ...] = ()
    abstain: Abstain | None = None
    log: LogTerms | None = None
    review: str = ""
    """Address at which a person can be asked to look again; ``{decision_id}`` stands for the decision's id."""
    callers_choose: bool = field(default=False, metadata=ADDED)
    """Whether callers may ask one of the versions that share a deployment's traffic by its digest; otherwise who is
    asked about decides alone."""
