"""Guard: the decision is worked out once more from score and rule; an answer that does not follow is never given."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from muster.columns.encoding.coded import Coded
from muster.guards.guard import REFERRED, Context, Decisions, Event, Outcome, Ruling
from muster.guards.plain import Bounds
from muster.records.model import Favourable

DIFFERENT = "a decision does not follow from its score"


class Consistent:
    """Refuse answers whose decision or label is not what the score, or the guard that decided, makes of it."""

    name = "consistent"
    judges = Decisions

    def __init__(self) -> None:
        self._threshold = 0.0
        self._below = True
        self._labels: dict[bool | None, str] = {None: REFERRED}
        self._allow = Ruling(self.name, Outcome.ALLOW)

    def open(self, context: Context) -> None:
        """Take the rule; raise ValueError where there is none, or its words cannot be told apart."""
        rule = context.decision
        if rule is None or not isfinite(rule.threshold):
            msg = "there is no rule that makes decisions of scores"
            raise ValueError(msg)
        if len({rule.favourable_label, rule.adverse_label, REFERRED}) != 3:
            msg = f"decisions are called {rule.favourable_label!r}, {rule.adverse_label!r} and {REFERRED!r}: all differ"
            raise ValueError(msg)
        self._threshold, self._below = rule.threshold, rule.favourable is Favourable.BELOW
        self._labels = {True: rule.favourable_label, False: rule.adverse_label, None: REFERRED}

    def feed(self, event: Event) -> Ruling | None:
        """Judge what is about to be answered."""
        if not isinstance(event, Decisions):
            return None
        if isinstance(event.favourable, np.ndarray):
            right = self._follow(event, event.favourable)
            return self._allow if right else Ruling(self.name, Outcome.REFUSE, DIFFERENT)
        favourable = self._again(event.scores)
        for row, decided in event.decided.items():
            favourable[row] = decided
        labels = [self._labels[one] for one in favourable]
        if favourable == event.favourable and labels == event.decisions:
            return self._allow
        return Ruling(self.name, Outcome.REFUSE, DIFFERENT)

    def narrow(self, bounds: Bounds) -> bool:
        """Allow what follows from the score."""
        bounds.decisions.append(self._follows)
        return True

    def close(self) -> None:
        """Nothing is remembered."""

    def _follows(self, score: float, favourable: bool, label: str) -> bool:  # noqa: FBT001 - a value
        """Tell it of one decision that nobody but the score has made."""
        again = score < self._threshold if self._below else score >= self._threshold
        return again is favourable and self._labels[again] == label

    def _again(self, scores: Sequence[float]) -> list[bool | None]:
        if len(scores) == 1:
            return [scores[0] < self._threshold if self._below else scores[0] >= self._threshold]
        values = np.asarray(scores)
        return list((values < self._threshold if self._below else values >= self._threshold).tolist())

    def _follow(self, event: Decisions, favourable: NDArray[np.int8]) -> bool:
        """Tell the same of arrays."""
        labels = event.decisions
        if not isinstance(labels, Coded):
            return False
        values = np.asarray(event.scores)
        again = (values < self._threshold if self._below else values >= self._threshold).astype(np.int8)
        for row, decided in event.decided.items():
            again[row] = -1 if decided is None else decided
        said = {self._labels[None]: -1, self._labels[False]: 0, self._labels[True]: 1}
        meant = np.array([said.get(name, 2) for name in labels.names], np.int8)[labels.codes]
        return bool(np.array_equal(again, favourable) and np.array_equal(again, meant))
