"""Guard: requests of more rows than the policy allows."""

from __future__ import annotations

from muster.guards.guard import Context, Event, Outcome, Rows, Ruling
from muster.guards.plain import Bounds


class Size:
    """Refuse requests that are too large."""

    name = "size"
    judges = Rows

    def __init__(self) -> None:
        self.most = 0
        """Rows that it takes at once."""
        self._allow = Ruling(self.name, Outcome.ALLOW)

    def open(self, context: Context) -> None:
        """Take the limit; raise ValueError where there is none to hold requests against."""
        if context.largest_rows is None or context.largest_rows < 1:
            msg = f"largest_rows is {context.largest_rows}: it must be 1 or more"
            raise ValueError(msg)
        self.most = context.largest_rows

    def feed(self, event: Event) -> Ruling | None:
        """Judge how many rows are asked."""
        if not isinstance(event, Rows):
            return None
        if event.size <= self.most:
            return self._allow
        reason = f"{event.size} rows in one request, {self.most} is the most: send several requests"
        return Ruling(self.name, Outcome.REFUSE, reason)

    def narrow(self, bounds: Bounds) -> bool:  # noqa: ARG002 - as every guard has it
        """One row is never too many."""
        return self.most >= 1

    def close(self) -> None:
        """Nothing is remembered."""
