"""Guard: a preventive control on one request and its answer, without I/O, tested as a script of events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from muster.records.data import Column


class Outcome(StrEnum):
    """What a guard says of one event."""

    ALLOW = "allow"
    FLAG = "flag"
    """Let it pass, and mark the rows concerned in the log."""
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Context:
    """What guards hold requests against: the model's inputs and what the policy says of them."""

    columns: tuple[Column, ...]
    """The model's inputs, as the manifest of the version gives them."""
    prohibited: frozenset[str] = frozenset()
    """Columns that may not reach a model of this use case."""
    unknown_category: str = "refuse"
    """``refuse``, or ``unknown``: answer as the model was trained to."""
    outside_range: str = "flag"
    """``flag`` or ``refuse`` numbers outside the training range."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Event: rows to be scored, as columns; every list has ``size`` values, None where one is missing."""

    size: int
    columns: Mapping[str, list[Any]]
    datatypes: Mapping[str, str]
    """Datatype that the caller declared for each column, in the words of the Open Inference Protocol."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Event: the model's answer, one float64 a row."""

    values: Sequence[float]


Event = Rows | Scores


@dataclass(frozen=True, slots=True)
class Ruling:
    """The answer of one guard to one event. Reasons name columns and rows, never the values in them."""

    guard: str
    outcome: Outcome
    reason: str = ""
    flags: Mapping[int, Sequence[str]] = field(default_factory=dict)
    """Row to marks, such as ``outside-range:AGE``; only with FLAG."""


class Guard(Protocol):
    """One guard. It is opened once for a conversation and keeps what it must remember of it.

    A guard of single requests remembers nothing between events, so that a deployment opens it once and feeds it every
    request, from any thread.
    """

    name: str

    def open(self, context: Context) -> None:
        """Prepare; raise ValueError where the context leaves it unable to decide: nothing is served then."""
        ...

    def feed(self, event: Event) -> Ruling | None:
        """Judge one event; None where events of this sort are not its business."""
        ...

    def close(self) -> None:
        """Forget the conversation."""
        ...
