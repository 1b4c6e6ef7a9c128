"""Decided: what becomes of the rows of a request, for every protocol to write in its own way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

DECISION_ID = "{decision_id}"
"""Stands for a decision's id in the address of a review."""


class Refused(Exception):  # noqa: N818 - what became of a request, not a fault of ours
    """A guard refused the rows: the door answers with the reason, the log has it too; ``guard`` is who refused."""

    def __init__(self, reason: str, guard: str = "") -> None:
        super().__init__(reason)
        self.guard = guard


@dataclass(slots=True)  # not frozen: that would take three times as long to make, for every request
class Decided:
    """What became of the rows of one request: one value a row in every list, for each protocol to write its own way."""

    deployment: str
    version: str
    request_id: str
    decision_ids: list[str]
    scores: list[float]
    favourable: list[bool | None]
    """None where a person decides."""
    decisions: list[str]
    """The rule's labels, or ``refer``."""
    guards: str = ""
    """The ruling of each guard on the request: ``schema=allow envelope=flag``."""
    flags: list[Sequence[str]] = field(default_factory=list)
    """Marks of each row, such as ``outside-range:AGE``, ``near-threshold`` or ``rule:large-loan``."""
    reasons: list[Sequence[str]] = field(default_factory=list)
    """Codes of the principal reasons of each adverse row; empty of others, and where there is no reason map."""
    words: Mapping[str, str] = field(default_factory=dict)
    """What each code is told as."""
    review: str = ""
    """Address at which a person looks again, with ``{decision_id}`` in it; empty where there is none."""
    logged: bool = True
    """False where the policy answers without the log."""
    versions: list[str] = field(default_factory=list)
    """The version of each row, where several decided; empty where one did."""

    def review_of(self, row: int) -> str:
        """Return where a person can be asked to look at a row that was not decided favourably; empty if nowhere."""
        if not self.review or self.favourable[row]:
            return ""
        return self.review.replace(DECISION_ID, self.decision_ids[row])


class Reasoner(Protocol):
    """Says why rows were refused, as codes of the governed reason map."""

    words: Mapping[str, str]
    """What each code is told as."""

    def codes(self, encoded: Any, rows: Sequence[int]) -> list[Sequence[str]]:
        """Return for each of these rows the codes of its principal reasons, the worst first."""
        ...


@dataclass(frozen=True, slots=True)
class Answering:
    """What a policy and orders add to answers."""

    words: Mapping[str, str] = field(default_factory=dict)
    """What the rules of the house are told as, by mark."""
    review: str = ""
    reasoner: Reasoner | None = None
