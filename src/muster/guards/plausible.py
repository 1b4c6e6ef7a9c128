"""Guard: a score is a probability; what is none must never become a decision."""

from __future__ import annotations

from muster.guards.guard import Context, Event, Outcome, Ruling, Scores


class Plausible:
    """Refuse answers that are not one number from 0 to 1 a row."""

    name = "plausible"

    def open(self, context: Context) -> None:
        """Nothing is needed to judge a score."""

    def feed(self, event: Event) -> Ruling | None:
        """Judge every score; not-a-number fails the comparison, as it must."""
        if not isinstance(event, Scores):
            return None
        for row, value in enumerate(event.values):
            if not 0.0 <= value <= 1.0:
                return Ruling(self.name, Outcome.REFUSE, f"row {row}: the model's answer is not a probability")
        return Ruling(self.name, Outcome.ALLOW)

    def close(self) -> None:
        """Nothing is remembered."""
