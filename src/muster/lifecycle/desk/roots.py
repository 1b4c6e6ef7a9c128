"""The trust root as the control plane follows it, and how its next version is published."""

from __future__ import annotations

from dataclasses import dataclass

from muster.lifecycle.desk.action import action, view
from muster.lifecycle.desk.context import Context
from muster.records.people import Role
from muster.records.trust import TrustRoot
from muster.rules.trust import follow_root

DOCUMENT = "trust-root/{}.json"
"""Name of a trust-root document in the outbox, by version."""


@dataclass(frozen=True, slots=True)
class RootChain:
    """All trust-root documents, oldest first, and the fingerprint that the first must have."""

    fingerprint: str
    documents: tuple[str, ...]
    current: TrustRoot


def documents(context: Context) -> tuple[str, ...]:
    """Return the published trust-root documents, oldest first."""
    found: list[str] = []
    while True:
        try:
            found.append(context.house.outbox.published(DOCUMENT.format(len(found) + 1)).decode())
        except KeyError:
            return tuple(found)


def current_root(context: Context) -> TrustRoot:
    """Follow the chain from the pinned fingerprint; raise PermissionError if it does not hold."""
    house = context.house
    return follow_root(house.fingerprint, documents(context), house.verify, house.clock())


@view("trust show")
def show(context: Context) -> RootChain:
    """Show who is trusted with which key, and the chain of documents that says so."""
    return RootChain(context.house.fingerprint, documents(context), current_root(context))


@action("trust publish", roles=(Role.ADMIN,))
def publish(context: Context, document: str) -> TrustRoot:
    """Publish the next version of the trust root, signed where the root key is kept.

    Parameters
    ----------
    document
        JSON text of the signed envelope, as `muster trust enrol` writes it.
    """
    house = context.house
    basis = context.basis("trust-root")
    chain = (*documents(context), document)
    root = follow_root(house.fingerprint, chain, house.verify, house.clock())
    context.record(root, expect=basis)
    house.outbox.publish(DOCUMENT.format(root.version), document.encode())
    return root
