"""Guard: a preventive control on one request and its answer, without I/O, tested as a script of events."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from muster.columns.encoding.coded import Coded
from muster.records.data import Column
from muster.records.governance.serving import Abstain, BusinessRule, Rate
from muster.records.model import DecisionRule

REFERRED = "refer"
"""Decision of rows that go to a person: nobody has decided yet."""


class Outcome(StrEnum):
    """What a guard says of one event."""

    ALLOW = "allow"
    FLAG = "flag"
    """Let it pass, and mark the rows concerned in the log."""
    ABSTAIN = "abstain"
    """Decide some rows otherwise than the score alone would: a person looks at them, or a rule refuses them."""
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
    decision: DecisionRule | None = None
    """How scores become decisions."""
    largest_rows: int | None = None
    rate: Rate | None = None
    rules: tuple[BusinessRule, ...] = ()
    abstain: Abstain | None = None
    ticks: Callable[[], float] = time.monotonic
    """Seconds since whenever, for rates."""


@dataclass(slots=True)  # frozen, it would take three times as long to make, and one is made for each request
class Rows:
    """Event: rows to be scored, as columns; each has ``size`` values: a list, None where one is missing, or an array.

    Arrays are of numpy: float64 with NaN where a number is missing, or integers; categories may come as ``Coded``.
    """

    size: int
    columns: Mapping[str, Any]
    datatypes: Mapping[str, str]
    """Datatype that the caller declared for each column, in the words of the Open Inference Protocol."""


@dataclass(slots=True)  # as above
class Scores:
    """Event: the model's answer, one float64 a row, and the marks that rows carry by now."""

    values: Sequence[float]
    marks: Mapping[int, Sequence[str]] = field(default_factory=dict)


@dataclass(slots=True)  # as above
class Decisions:
    """Event: what is about to be answered, one of each a row; ``favourable`` is None where a person decides."""

    scores: Sequence[float]
    favourable: list[bool | None] | NDArray[np.int8]
    """Of many rows also as an array: 1, 0, and -1 for None; ``decisions`` is Coded then."""
    decisions: list[str] | Coded
    decided: Mapping[int, bool | None]
    """Rows that were decided otherwise than by the score alone: False where a rule refused, None for a person."""


Event = Rows | Scores | Decisions


@dataclass(frozen=True, slots=True)
class Ruling:
    """The answer of one guard to one event. Reasons name columns and rows, never the values in them."""

    guard: str
    outcome: Outcome
    reason: str = ""
    flags: Mapping[int, Sequence[str]] = field(default_factory=dict)
    """Row to marks, such as ``outside-range:AGE``; with FLAG and ABSTAIN."""
    referred: Mapping[int, str] = field(default_factory=dict)
    """Rows that go to a person, each with the mark that says why; with ABSTAIN."""
    declined: Mapping[int, str] = field(default_factory=dict)
    """Rows that a rule of the house refuses, each with the mark that says why; with ABSTAIN."""


class Guard(Protocol):
    """One guard. It is opened once for a conversation and keeps what it must remember of it.

    A guard of single requests remembers nothing between events, so that a deployment opens it once and feeds it every
    request, from any thread; one that must remember, such as a rate, takes care of that itself.
    """

    name: str

    @property
    def judges(self) -> type[Event]:
        """The sort of events that it is fed; it has no ruling on any other."""
        ...

    def open(self, context: Context) -> None:
        """Prepare; raise ValueError where the context leaves it unable to decide: nothing is served then."""
        ...

    def feed(self, event: Event) -> Ruling | None:
        """Judge one event; None where events of this sort are not its business."""
        ...

    def close(self) -> None:
        """Forget the conversation."""
        ...
