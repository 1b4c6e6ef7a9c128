"""A ledger into which others write just before one appends: what a race looks like to the loser."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from tests.walk import Walked

from muster.lifecycle.desk.context import Context
from muster.records.entry import Basis, Entry, Recorded


class Racing:
    """Stands before the true ledger; ``between`` happens before each of the first ``times`` appends that expect."""

    def __init__(self, ledger: Any, between: Callable[[], object], times: int) -> None:
        self._ledger, self._between, self._left = ledger, between, times
        self.appended = 0

    def append(self, entries: Sequence[Entry], expect: Basis | None = None) -> tuple[Recorded, ...]:
        """Let the others go first."""
        if expect is not None and self._left:
            self._left -= 1
            self._between()
        recorded: tuple[Recorded, ...] = self._ledger.append(entries, expect)
        self.appended += len(recorded)
        return recorded

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)


def racing(walked: Walked, actor: str, between: Callable[[], object], times: int = 1) -> Context:
    """Return a context in which others do something between reading and writing."""
    context = walked.context(actor)
    return replace(context, house=replace(context.house, ledger=Racing(context.house.ledger, between, times)))
