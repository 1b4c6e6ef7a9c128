"""Sent: the orders that a gateway group was given so far, the newest first."""

from __future__ import annotations

from collections.abc import Iterator

from muster.lifecycle.desk.context import Context
from muster.records.canonical import parse
from muster.records.codec import decode
from muster.records.release import IssuedOrders, Orders
from muster.records.trust import Duty, TrustRoot
from muster.rules.envelope import open_envelope, read_envelope
from muster.rules.orders import ORDERS_TYPE


def sent(context: Context, group: str) -> Iterator[Orders]:
    """Yield the orders of a gateway group, the newest first."""
    found = list(context.house.ledger.read(kind="orders.issued", subject=f"gateway-group:{group}"))
    if not found:
        return
    # Also keys that were withdrawn since: what they signed for this ledger tells still how far the numbers went.
    keys = tuple(key for _, root in context.history(TrustRoot, "trust-root") for key in root.keys(Duty.ORDERS))
    for recorded in reversed(found):
        envelope = read_envelope(decode(IssuedOrders, recorded.entry.body).envelope)
        yield decode(Orders, parse(open_envelope(envelope, ORDERS_TYPE, keys, context.house.verify)), "orders")


def newest(context: Context, group: str) -> Orders | None:
    """Return the newest orders of a gateway group, None where none were issued."""
    return next(sent(context, group), None)


def groups_of(context: Context) -> tuple[str, ...]:
    """Return the names of all gateway groups that were ever given orders."""
    return tuple(sorted({str(each.entry.body["group"]) for each in context.house.ledger.read(kind="orders.issued")}))
