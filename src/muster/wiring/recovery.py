"""Recovery: at its start a control plane ends what an earlier process began, in the registry and in the outbox."""

from __future__ import annotations

from muster.lifecycle.desk.context import Context, House, Identity
from muster.lifecycle.desk.tracking import reconcile
from muster.lifecycle.serve import republish

SYSTEM = Identity("system", frozenset())
"""Who entries name when nobody asked: the control plane itself."""


def recover(house: House) -> tuple[str, ...]:
    """Publish the newest orders again and finish registrations; return a line for each thing that was done."""
    context = Context(house, SYSTEM, lambda _: None)
    house.ledger.refresh()
    finished = reconcile(context)
    republish(context)
    return tuple(f"registration of {version.digest} finished as {version.registry}" for version in finished)
