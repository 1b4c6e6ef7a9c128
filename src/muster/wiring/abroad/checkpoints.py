"""Anchors, witnesses and pushed orders, bound to what the settings name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from muster.ports.clock import Clock
from muster.ports.ledger import Anchor, Witness
from muster.settings import Settings

if TYPE_CHECKING:
    from muster.adapters.telling.pushing import OrdersPush


def bind_anchors(settings: Settings, clock: Clock) -> Sequence[Anchor]:
    """Return where checkpoints are kept; raise ValueError where the settings name no such place."""
    if not settings.anchors:
        return ()
    from muster.adapters.telling.anchors import anchor_of
    from muster.adapters.telling.webhook import secret_of

    secret = secret_of(settings.webhook_secret) if any(place.startswith("http") for place in settings.anchors) else b""
    return tuple(anchor_of(place, secret, clock) for place in settings.anchors)


def bind_witnesses(settings: Settings) -> Sequence[Witness]:
    """Return who cosigns checkpoints; raise ValueError for an address that cannot be used."""
    if not settings.witnesses:
        return ()
    from muster.adapters.telling.witness import HttpWitness

    return tuple(HttpWitness(url) for url in settings.witnesses)


def bind_push(settings: Settings, say: Callable[[str], None]) -> OrdersPush | None:
    """Return what tells gateways of new orders, None where no address is set."""
    if not settings.push:
        return None
    from muster.adapters.telling.pushing import OrdersPush

    return OrdersPush(settings.push, say)
