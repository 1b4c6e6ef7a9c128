"""The trust root as the control plane follows it, and how its next version is published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from muster.lifecycle.desk.action import action, view
from muster.lifecycle.desk.context import Context
from muster.records.people import Role
from muster.records.trust import SignedRoot, TrustRoot
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
    """Return the published trust-root documents, oldest first: those that the ledger tells of, and no more.

    Whatever else lies in the outbox under such a name, anybody may have put there: it must not stop the control plane.
    """
    newest = _published(context)
    found: list[str] = []
    while newest is None or len(found) < newest.version:
        try:
            found.append(context.house.outbox.published(DOCUMENT.format(len(found) + 1)).decode())
        except KeyError:
            break
    return tuple(found)


def current_root(context: Context) -> TrustRoot:
    """Follow the chain from the pinned fingerprint; raise PermissionError if it does not hold, or is an old one."""
    house = context.house
    root = follow_root(house.fingerprint, documents(context), house.verify, house.clock())
    published = _published(context)
    if published is not None and published.version > root.version:
        msg = (
            f"the outbox ends with trust root version {root.version}, but version {published.version} was published: "
            "keys withdrawn since would count again. Put the document back, or publish it again (muster trust publish)"
        )
        raise PermissionError(msg)
    return root


@view("trust show")
def show(context: Context) -> RootChain:
    """Show who is trusted with which key, and the chain of documents that says so.

    A root that has expired is shown too: the next version is made from it.
    """
    house, chain = context.house, documents(context)
    ageless = datetime.min.replace(tzinfo=UTC)
    return RootChain(house.fingerprint, chain, follow_root(house.fingerprint, chain, house.verify, ageless))


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
    published = _published(context)
    if published is not None and published.version >= root.version and published != root:
        msg = f"another trust root version {published.version} was published already: make the next one from that"
        raise PermissionError(msg)
    if published != root:
        context.record(root, SignedRoot(root.version, document), expect=basis)
    house.outbox.publish(DOCUMENT.format(root.version), document.encode())
    return root


def republish(context: Context) -> None:
    """Put out again every signed root that the outbox lacks: the ledger knows them, the outbox may be anybody's."""
    outbox = context.house.outbox
    for _, signed in context.history(SignedRoot, "trust-root"):
        name, document = DOCUMENT.format(signed.version), signed.envelope.encode()
        try:
            kept = outbox.published(name) == document
        except KeyError:
            kept = False
        if not kept:
            outbox.publish(name, document)


def _published(context: Context) -> TrustRoot | None:
    """Return the newest trust root that the ledger tells of: the outbox may be anybody's, and lack it."""
    found = context.history(TrustRoot, "trust-root")
    return found[-1][1] if found else None
