"""Recovery: at its start a control plane ends what an earlier process began, in the registry, outbox and vault."""

from __future__ import annotations

from muster.lifecycle.desk import roots
from muster.lifecycle.desk.context import Context, House, Identity
from muster.lifecycle.desk.tracking import reconcile
from muster.lifecycle.privacy.erase import finish_erasures
from muster.lifecycle.serve.publish import republish

SYSTEM = Identity("system", frozenset())
"""Who entries name when nobody asked: the control plane itself."""


def recover(house: House) -> tuple[str, ...]:
    """Put trust roots and newest orders out again, finish registrations and erasures; return a line for each."""
    context = Context(house, SYSTEM, lambda _: None)
    house.ledger.refresh()
    roots.republish(context)
    finished = reconcile(context)
    republish(context)
    erased = finish_erasures(context)
    return (
        *(f"registration of {version.digest} finished as {version.registry}" for version in finished),
        *(f"erasure of {data_subject} finished" for data_subject in erased),
    )
