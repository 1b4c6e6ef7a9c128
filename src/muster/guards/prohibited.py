"""Guard: columns that may not reach a model of this use case, such as age or race, are not accepted at all."""

from __future__ import annotations

from muster.guards.guard import Context, Event, Outcome, Rows, Ruling
from muster.guards.plain import Bounds


class Prohibited:
    """Refuse requests that carry a prohibited column, and models that take one."""

    name = "prohibited"
    judges = Rows

    def __init__(self) -> None:
        self._columns: frozenset[str] = frozenset()
        self._allow = Ruling(self.name, Outcome.ALLOW)

    def open(self, context: Context) -> None:
        """Take the list; raise ValueError if the model itself takes a prohibited column."""
        taken = sorted(context.prohibited.intersection(column.name for column in context.columns))
        if taken:
            msg = f"the model takes prohibited column {', '.join(taken)}: train a version without"
            raise ValueError(msg)
        self._columns = context.prohibited

    def feed(self, event: Event) -> Ruling | None:
        """Refuse rows that carry a prohibited column, whatever else they hold."""
        if not isinstance(event, Rows):
            return None
        if event.columns.keys().isdisjoint(self._columns):
            return self._allow
        sent = ", ".join(sorted(self._columns.intersection(event.columns)))
        return Ruling(self.name, Outcome.REFUSE, f"{sent} may not be sent: the policy of this use case prohibits it")

    def narrow(self, bounds: Bounds) -> bool:
        """Rows of the model's own columns hold none that is prohibited."""
        return self._columns.isdisjoint(bounds.names)

    def close(self) -> None:
        """Nothing is remembered."""
