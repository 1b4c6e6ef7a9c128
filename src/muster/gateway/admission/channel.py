"""Channel: trust root and orders, followed from the pinned fingerprint and from what this gateway has seen before.

What lies in the outbox may be anybody's. What this gateway has seen is on its own disk, and it never goes behind it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from muster.gateway.admission.alarms import Alarms
from muster.gateway.admission.moments import Moments
from muster.gateway.admission.seen import SeenFile
from muster.ports.blobs import Blobs
from muster.ports.clock import Clock
from muster.ports.keys import Verify
from muster.ports.notifier import Notifier
from muster.records.access.alert import Severity, Suspicious
from muster.records.release import Orders
from muster.records.trust import TrustRoot
from muster.rules.orders import GROWTH, Growth, SeenOrders, accept_orders, furthest, open_orders, read_growth
from muster.rules.trust import follow_root

KEEP_EVERY = timedelta(minutes=1)
"""How often the time seen is written down while orders stay the same."""

ROOTS_BYTES = 16 * 2**20
"""Of all trust-root documents together, an empty one counting a KiB; they are read again at every look."""

FROZEN = 0.75
"""Share of the life of orders after which people are told that no newer ones have come."""

WITHHELD_S = 300.0
"""Seconds after which orders that were pushed should be in the outbox too."""


@dataclass(frozen=True, slots=True)
class Trust:
    """What this gateway goes by."""

    pinned: str
    """Fingerprint of the trust root, given by another way than the outbox."""
    group: str
    verify: Verify
    clock: Clock
    ticks: Callable[[], float] = time.monotonic
    environment: str = "production"
    """The one environment whose releases are served here: no orders can bring in what another one allowed."""
    orders_at_least: int = 0
    """Number of orders below which none are followed, given by another way."""
    notify: Notifier | None = None
    """Who is told of what people must look at."""
    name: str = "gateway"
    """Of this gateway, in alerts."""


class Channel:
    """Reads trust root and orders; remembers how far they had come.

    Parameters
    ----------
    trust
        What this gateway goes by.
    outbox
        Where trust roots and orders lie.
    seen
        What was seen before.
    alarms
        Told of what is suspicious.
    keep
        Whether to write down what is seen; False only to look.
    """

    def __init__(self, trust: Trust, outbox: Blobs, seen: SeenFile, alarms: Alarms, *, keep: bool = True) -> None:
        self._trust = trust
        self._outbox = outbox
        self._file = seen
        self._alarms = alarms
        self._keep = keep
        self._seen = self._kept = self._remembered()
        self._moments = Moments(trust.clock, trust.ticks, alarms)
        self._root: TrustRoot | None = None
        self._pushed: tuple[int, float] = (0, 0.0)

    def now(self) -> datetime:
        """Return the moment, never before what was seen."""
        return self._moments.now(self._seen.at)

    def follow(self, now: datetime, steps: list[str]) -> tuple[TrustRoot, Orders]:
        """Return the trust root and the orders in force, telling ``steps`` how far the proof comes.

        Raises
        ------
        Suspicious, PermissionError
            If something does not hold.
        LookupError, OSError, ValueError
            If something is missing or cannot be read.
        """
        if self._file.shared:
            # Before the outbox is read: whatever another process has seen by now, it was there to be seen.
            self._seen = self._kept = furthest(self._remembered(), self._seen)
        root = self._follow_root(now, steps)
        self._root = root
        orders = self._follow_orders(root, now, steps)
        self._require_unfrozen(orders, now, steps)
        return root, orders

    def newer(self, text: str) -> bool:
        """Tell whether pushed orders are signed, for this group, and newer than those followed: worth a look.

        The orders themselves are taken from the outbox all the same. Nothing else of the text counts, so that anybody
        may send it, and sending it again is harmless.
        """
        if self._root is None:
            return False
        try:
            _, orders = open_orders(text, self._root, self._trust.verify)
        except PermissionError:
            return False
        if orders.group != self._trust.group or orders.number <= max(self._seen.number, self._pushed[0]):
            return False
        self._pushed = orders.number, self._trust.ticks()
        return True

    def _remembered(self) -> SeenOrders:
        try:
            return self._file.read()
        except ValueError as error:
            self._alarms.sound("gateway-memory-damaged", Severity.CRITICAL, str(error))
            raise

    def _follow_root(self, now: datetime, steps: list[str]) -> TrustRoot:
        documents = self._documents()
        trust = self._trust
        try:
            root = follow_root(trust.pinned, documents, trust.verify, now)
        except PermissionError as error:
            raise Suspicious(str(error), self._wrong(documents)) from error
        steps.append(
            f"trust root version {root.version} of ledger {root.origin}: follows from the pinned fingerprint "
            f"{trust.pinned}, good until {day(root.expires_at)}"
        )
        return root

    def _wrong(self, documents: list[str]) -> str:
        """Return the name of the alert: the root may only have expired."""
        try:
            follow_root(self._trust.pinned, documents, self._trust.verify, datetime.min.replace(tzinfo=UTC))
        except PermissionError:
            return "root-wrong" if documents else "root-missing"
        return "trust-root-expired"

    def _documents(self) -> list[str]:
        documents: list[str] = []
        taken = 0
        while True:
            try:
                documents.append(self._outbox.published(f"trust-root/{len(documents) + 1}.json").decode())
            except KeyError:
                return documents
            taken += max(len(documents[-1]), 1024)
            if taken > ROOTS_BYTES:
                msg = f"the trust-root documents take more than {ROOTS_BYTES} bytes: somebody fills up the outbox"
                raise Suspicious(msg, "outbox-flooded")

    def _follow_orders(self, root: TrustRoot, now: datetime, steps: list[str]) -> Orders:
        trust = self._trust
        try:
            text = self._outbox.published(f"orders/{trust.group}.json").decode()
        except KeyError:
            msg = f"no orders for gateway group {trust.group!r} are in the outbox: the control plane issues them"
            if self._seen.number:
                raise Suspicious(msg, "orders-missing") from None
            raise LookupError(msg) from None
        orders, seen = accept_orders(text, trust.group, root, self._seen, trust.verify, now, self._growth())
        if orders.number < trust.orders_at_least:
            msg = f"orders {orders.number} are older than orders {trust.orders_at_least} (--orders-at-least): replayed"
            raise Suspicious(msg, "orders-replayed")
        self._recall(orders, steps)
        self._remember(seen)
        self._moments.hold(now)
        steps.append(
            f"orders {orders.number} for group {orders.group}: signed by an orders key, not older than any seen, "
            f"good until {day(orders.expires_at)}"
        )
        return orders

    def _growth(self) -> Growth | None:
        try:
            return read_growth(self._outbox.published(GROWTH.format(self._trust.group)))
        except (KeyError, ValueError):
            return None  # then only orders on the ledger that was seen before can be accepted

    def _recall(self, orders: Orders, steps: list[str]) -> None:
        """Say loudly that nothing is remembered, where orders show that there was something to remember."""
        if self._seen.number or self._trust.orders_at_least or orders.number == 1:
            return
        words = (
            f"this gateway remembers no orders, and those in the outbox have number {orders.number}: that they are the "
            "newest is not known. If it is not new, somebody may have emptied its state folder; ask the control plane "
            "for the number (`muster orders show`) and start it with --orders-at-least"
        )
        steps.append(f"WARNING: {words}")
        self._alarms.sound("gateway-memory-lost", Severity.WARNING, words)

    def _remember(self, seen: SeenOrders) -> None:
        """Write down what was seen before anything is done with it; time alone not at every look."""
        same = replace(seen, at=self._kept.at) == self._kept
        if self._keep and not (same and seen.at - self._kept.at < KEEP_EVERY):
            self._file.keep(seen)
            self._kept = seen
        self._seen = seen

    def _require_unfrozen(self, orders: Orders, now: datetime, steps: list[str]) -> None:
        """Tell people in time that no newer orders come, or that the outbox lacks those that were pushed."""
        if now - orders.issued_at >= FROZEN * (orders.expires_at - orders.issued_at):
            words = (
                f"no newer orders came since {day(orders.issued_at)}, and these end at {day(orders.expires_at)}: after "
                "that nothing is served. Is the control plane running, and does its outbox reach this gateway?"
            )
            steps.append(f"WARNING: {words}")
            self._alarms.sound("orders-expire", Severity.WARNING, words)
        pushed, at = self._pushed
        if pushed > orders.number and self._trust.ticks() - at > WITHHELD_S:
            words = f"orders {pushed} were pushed, but the outbox still ends with {orders.number}: who holds it back?"
            steps.append(f"WARNING: {words}")
            self._alarms.sound("orders-withheld", Severity.CRITICAL, words)


def day(at: datetime) -> str:
    """Write a moment for the operator."""
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
