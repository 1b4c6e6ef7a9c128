"""Recovery: at its start a control plane ends what an earlier process began, in the registry, outbox and vault."""

from __future__ import annotations

from muster.lifecycle.desk import roots
from muster.lifecycle.desk.context import Context, House, Identity
from muster.lifecycle.desk.tracking import reconcile
from muster.lifecycle.privacy.erase import finish_erasures
from muster.lifecycle.serve.publish import republish
from muster.wiring.control import unlock

SYSTEM = Identity("system", frozenset())
"""Who entries name when nobody asked: the control plane itself."""


def recover(house: House) -> tuple[str, ...]:
    """Open all keys, put trust roots and newest orders out again, finish registrations and erasures.

    Returns a line for each that was finished, for each key that is not here, and where the trust root will expire.

    Raises
    ------
    ValueError
        Where a key needs a secret that nobody gives.
    """
    context = Context(house, SYSTEM, lambda _: None)
    locked = unlock(house)
    house.ledger.refresh()
    roots.republish(context)
    finished = reconcile(context)
    republish(context)
    erased = finish_erasures(context)
    return (
        *locked,
        *roots.remind(context),
        *(f"registration of {version.digest} finished as {version.registry}" for version in finished),
        *(f"erasure of {data_subject} finished" for data_subject in erased),
    )
