"""Publishing: the newest orders of each group lie in the outbox, with the proof that the ledger only grew."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

from muster.lifecycle.desk.checkpoints import DOCUMENT as CHECKPOINT
from muster.lifecycle.desk.context import Context
from muster.records.canonical import canonical, parse
from muster.records.codec import encode
from muster.records.release import IssuedOrders
from muster.rules.envelope import read_envelope
from muster.rules.note import size_of
from muster.rules.orders import GROWTH, Growth

DOCUMENT = "orders/{}.json"
"""Name of a gateway group's newest orders in the outbox."""

REACH = 200
"""Orders that a gateway may have missed and still be shown that the ledger is the one it knew."""


def republish(context: Context) -> int:
    """Publish the newest orders of every group again, in case the process died between recording and publishing."""
    groups = {issued.group for _, issued in context.history(IssuedOrders)}
    for group in groups:
        publish(context, group)
    return len(groups)


def publish(context: Context, group: str) -> None:
    """Publish a group's newest orders; look again afterwards, for another process may have issued newer ones.

    Then tell the gateways that can be told; those that cannot look by themselves.
    """
    published, outbox = "", context.house.outbox
    while (newest := (issued := context.history(IssuedOrders, f"gateway-group:{group}"))[-1][1].envelope) != published:
        growth = _growth(context, [record for _, record in issued[-REACH:]])
        outbox.publish(GROWTH.format(group), canonical(encode(growth)))
        outbox.publish(DOCUMENT.format(group), newest.encode())
        outbox.publish(CHECKPOINT, _payload(newest)["checkpoint"].encode())
        published = newest
        context.house.ledger.refresh()
    if context.house.push is not None:
        context.house.push(published)


def _growth(context: Context, issued: Sequence[IssuedOrders]) -> Growth:
    """Prove that the ledger of the newest orders continues the ledgers of those before."""
    sizes = [size_of(_payload(record.envelope)["checkpoint"]) for record in issued]
    newest, consistency = sizes[-1], context.house.ledger.consistency
    return Growth(
        newest,
        {str(size): tuple(step.hex() for step in consistency(size, newest)) for size in set(sizes) if size < newest},
    )


def _payload(envelope: str) -> dict[str, Any]:
    """Read our own orders as they stand in the ledger."""
    found: dict[str, Any] = parse(base64.b64decode(read_envelope(envelope).payload))
    return found
