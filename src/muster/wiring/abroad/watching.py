"""Watching: what a control plane does by itself while it is up.

It keeps orders in line with what stands, renews them, anchors the ledger, and reminds people.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

from muster.lifecycle.desk.checkpoints import anchor_grown
from muster.lifecycle.desk.context import Context, House, Identity
from muster.lifecycle.desk.roots import remind
from muster.lifecycle.desk.tracking import compare
from muster.lifecycle.serve.compaction import compact
from muster.lifecycle.serve.orders import renew
from muster.lifecycle.serve.posture import update
from muster.lifecycle.serve.traffic.stepping import step
from muster.settings import Settings
from muster.wiring.abroad.alerts import SYSTEM, say

LOOK_S = 60.0
"""How often it looks whether something is due."""

SAID_AGAIN_S = 3600.0
"""How often it says the same failure again."""

FIRST_COMPARED_S = 3600.0
COMPARED_S = 24 * 3600.0
"""When, and how often, the registry is held against the ledger."""


@contextmanager
def watching(house: House, settings: Settings, say: Callable[[str], None] = say) -> Iterator[None]:
    """Watch while the block runs: from a thread that ends with it."""
    end = threading.Event()
    watch = Watch(house, settings.anchor_minutes * 60.0, say)

    def run() -> None:
        while True:
            watch.look()
            if end.wait(LOOK_S):
                return

    thread = threading.Thread(target=run, name="muster-watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        end.set()
        thread.join()


class Watch:
    """What is due, looked at now and then.

    Parameters
    ----------
    house
        The control plane.
    anchor_s
        Seconds between two times that the ledger is anchored.
    say
        Takes lines for the operator.
    """

    def __init__(self, house: House, anchor_s: float, say: Callable[[str], None]) -> None:
        self._context = Context(house, Identity(SYSTEM, frozenset()), say)
        self._anchor_s = anchor_s
        self._say = say
        self._size = 0
        self._anchored_at: float | None = None
        self._compare_at = house.clock().timestamp() + FIRST_COMPARED_S
        self._failures: dict[str, tuple[str, float]] = {}
        self._reminded = house.clock().date()  # the start has told of today
        self._compacted: date | None = None

    def look(self) -> None:
        """Do what is due; say what could not be done, and go on."""
        for due in (
            self._posture,
            self._canaries,
            self._renew,
            self._anchor,
            self._remind,
            self._compare,
            self._compact,
        ):
            try:
                due()
            except Exception as error:  # noqa: BLE001 - the watch goes on: tomorrow's orders must not fail for today's
                self._failed(due.__name__, f"{error}")
            else:
                self._failures.pop(due.__name__, None)

    def _failed(self, due: str, words: str) -> None:
        """Say what could not be done; the same thing once an hour, not every minute."""
        now, (before, at) = self._context.house.clock().timestamp(), self._failures.get(due, ("", 0.0))
        if words != before or now - at >= SAID_AGAIN_S:
            self._failures[due] = words, now
            self._say(words)

    def _posture(self) -> None:
        """Record what stands no more, tell people, and let orders follow as the policies say."""
        for change in update(self._context):
            what = f"release {change.package} of {change.version} is {change.after}, was {change.before}"
            self._say("; ".join((what, *change.reasons)))

    def _canaries(self) -> None:
        """Let canaries on, or take them back, as their figures say."""
        for move in step(self._context):
            self._say(f"canary {move.version} of {move.name} is {move.state}, at {move.share:.2%}: {move.reason}")

    def _renew(self) -> None:
        for orders in renew(self._context):
            self._say(f"orders {orders.number} for group {orders.group} issued, good until {orders.expires_at}")

    def _compact(self) -> None:
        """Once a day, and at the start, take what gateways closed into the tables of the log."""
        today = self._context.house.clock().date()
        if self._context.house.lake is None or self._compacted == today:
            return
        for taken in compact(self._context):
            self._say(f"log of {taken.deployment}: {taken.rows:,} rows of {taken.stream} taken into its table")
        self._compacted = today

    def _remind(self) -> None:
        """Tell once a day that the trust root will expire soon, or has."""
        today = self._context.house.clock().date()
        if today > self._reminded:
            self._reminded = today
            for words in remind(self._context):
                self._say(words)

    def _compare(self) -> None:
        """Hold the registry against the ledger once a day; not at the start, which must not wait for it."""
        now = self._context.house.clock().timestamp()
        if now >= self._compare_at:
            self._compare_at = now + COMPARED_S
            for words in compare(self._context):
                self._say(words)

    def _anchor(self) -> None:
        house = self._context.house
        if not house.anchors:
            return
        now = house.clock().timestamp()
        if self._anchored_at is not None and now - self._anchored_at < self._anchor_s:
            return
        self._size = anchor_grown(self._context, self._size)
        self._anchored_at = now
