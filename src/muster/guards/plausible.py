"""Guard: a score is a probability; what is none must never become a decision."""

from __future__ import annotations

import numpy as np

from muster.guards.guard import Context, Event, Outcome, Ruling, Scores
from muster.guards.plain import Bounds


class Plausible:
    """Refuse answers that are not one number from 0 to 1 a row."""

    name = "plausible"
    judges = Scores

    def __init__(self) -> None:
        self._allow = Ruling(self.name, Outcome.ALLOW)

    def open(self, context: Context) -> None:
        """Nothing is needed to judge a score."""

    def feed(self, event: Event) -> Ruling | None:
        """Judge every score; not-a-number fails the comparison, as it must."""
        if not isinstance(event, Scores):
            return None
        values = event.values
        if len(values) == 1:
            wrong = [] if 0.0 <= values[0] <= 1.0 else [0]
        else:
            read = np.asarray(values, np.float64)
            wrong = np.flatnonzero(~((read >= 0.0) & (read <= 1.0))).tolist()
        if wrong:
            return Ruling(self.name, Outcome.REFUSE, f"row {wrong[0]}: the model's answer is not a probability")
        return self._allow

    def narrow(self, bounds: Bounds) -> bool:
        """Allow probabilities."""
        bounds.scores.append(lambda score: 0.0 <= score <= 1.0)
        return True

    def close(self) -> None:
        """Nothing is remembered."""
