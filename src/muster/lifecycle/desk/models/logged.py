"""The log of gateways, as far as they have signed it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.roots import current_root
from muster.ports.log import Sealing, Stream
from muster.records.access.erasure import RetentionRun
from muster.records.trust import Duty


def logged(context: Context, deployment: str, stream: Stream = Stream.DECISIONS) -> Iterator[Any]:
    """Read the log as far as gateways have signed it; where none has a key for that, say so and read it as it lies."""
    sealing = sealing_of(context)
    if sealing is None:
        context.progress(
            "the log is not signed: the trust root names no gateway-log key, so whoever keeps it may edit it"
        )
    yield from context.house.log.batches(deployment, stream, sealing)
    if sealing is not None:
        context.progress("the log is sealed by its gateways; what they have not closed yet is left out")


def sealing_of(context: Context) -> Sealing | None:
    """Return how the log must be sealed to be believed; None where no gateway has a key for that."""
    signers = tuple(grant for grant in current_root(context).grants if grant.duty is Duty.GATEWAY_LOG)
    if not signers:
        return None
    removed = (name for _, done in context.history(RetentionRun, "retention:inference-log") for name in done.removed)
    return Sealing(signers, frozenset(removed))
