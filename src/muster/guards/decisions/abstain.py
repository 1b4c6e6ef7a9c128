"""Guard: rows that the model alone should not decide go to a person: near the threshold, or unlike what it has seen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from muster.guards.guard import Context, Event, Outcome, Ruling, Scores
from muster.guards.plain import Bounds

NEAR = "near-threshold"
"""Mark of a row whose score is within the band."""

KNOWN = frozenset({"outside-range", "unknown-category"})
"""Marks, without the column, for which rows can be sent to a person."""


class Abstain:
    """Refer rows to a person."""

    name = "abstain"
    judges = Scores

    def __init__(self) -> None:
        self._threshold = self._band = 0.0
        self._marks: frozenset[str] = frozenset()
        self._allow = Ruling(self.name, Outcome.ALLOW)

    def open(self, context: Context) -> None:
        """Take the terms; raise ValueError where they name nothing for which to abstain, or what nobody knows."""
        terms, rule = context.abstain, context.decision
        if terms is None or rule is None:
            msg = "nothing says when to abstain, or there is no threshold"
            raise ValueError(msg)
        self._threshold, self._band, self._marks = rule.threshold, terms.band, frozenset(terms.marks)
        if not 0 <= self._band < 1 or (not self._band and not self._marks):
            msg = f"band is {self._band:g}: it must be from 0 to 1, and more than 0 where no mark is named"
            raise ValueError(msg)
        if unknown := sorted(self._marks - KNOWN):
            msg = f"marks: {unknown[0]!r} is none of {', '.join(sorted(KNOWN))}"
            raise ValueError(msg)

    def feed(self, event: Event) -> Ruling | None:
        """Judge scores, and the marks that rows carry by now."""
        if not isinstance(event, Scores):
            return None
        referred = dict.fromkeys(self._near(event.values), NEAR) if self._band else {}
        if self._marks:
            for row, marks in event.marks.items():
                if hits := [mark for mark in marks if mark.partition(":")[0] in self._marks]:
                    referred.setdefault(row, hits[0])
        if not referred:
            return self._allow
        flags = {row: [mark] for row, mark in referred.items() if mark == NEAR}
        return Ruling(self.name, Outcome.ABSTAIN, "a person decides", flags, referred)

    def narrow(self, bounds: Bounds) -> bool:
        """Allow scores that are not near the threshold; a plain row carries no mark."""
        if self._band:
            bounds.scores.append(lambda score: not self._near((score,)))
        return True

    def close(self) -> None:
        """Nothing is remembered."""

    def _near(self, values: Sequence[float]) -> list[int]:
        if len(values) == 1:
            return [0] if abs(values[0] - self._threshold) <= self._band else []
        return np.flatnonzero(np.abs(np.asarray(values) - self._threshold) <= self._band).tolist()
