"""The trust root as the control plane follows it, how its next version is published, and keys that are handed in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from muster.lifecycle.desk.action import Upload, action, view
from muster.lifecycle.desk.context import Context
from muster.records.access.alert import Alert, Severity, Suspicious
from muster.records.access.roles import SIGNING
from muster.records.people import Role
from muster.records.trust import Duty, KeyOffer, PublicKey, SignedRoot, TrustRoot
from muster.rules.ceremony.enrolment import newly_approving, proven, require_second_person
from muster.rules.ceremony.paper import document_in
from muster.rules.envelope import read_envelope, signers_of
from muster.rules.trust import ROOT_TYPE, follow_root

REMIND = timedelta(days=30)
"""How long before the trust root expires its holders are told; without a new one nothing is served any more."""

DOCUMENT = "trust-root/{}.json"
"""Name of a trust-root document in the outbox, by version."""


@dataclass(frozen=True, slots=True)
class OfferedKey:
    """A key that an approver handed in, and whether the trust root lets it count."""

    actor: str
    key: str
    """Its id: let the approver read it to you from their own screen before you grant it."""
    at: datetime
    state: str
    """``open``, ``granted`` or ``withdrawn``."""
    offer: KeyOffer


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
        raise Suspicious(msg, "root-rolled-back")
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
def publish(context: Context, document: Upload) -> TrustRoot:
    """Publish the next version of the trust root, once enough holders of root keys have signed it.

    An approver's key counts only if the approver handed it in (`muster key offer`), and somebody else publishes it.

    Parameters
    ----------
    document
        What `muster trust draft` wrote and `muster trust sign` signed.
    """
    house = context.house
    basis = context.basis("trust-root")
    text = document_in(document.content.decode(errors="replace"))
    known = documents(context)
    root = follow_root(house.fingerprint, (*known, text), house.verify, house.clock())
    published = _published(context)
    if published is not None and published.version >= root.version and published != root:
        msg = f"another trust root version {published.version} was published already: make the next one from that"
        raise PermissionError(msg)
    if published != root:
        _require_second_person(context, published, root, text)
        context.record(root, SignedRoot(root.version, text), expect=basis)
    house.outbox.publish(DOCUMENT.format(root.version), text.encode())
    return root


@action("key submit", roles=tuple(sorted(SIGNING)))
def submit_key(context: Context, public: PublicKey, proof: str) -> KeyOffer:
    """Hand in the public half of your key; it counts once another person has it granted. `muster key offer` calls it.

    Parameters
    ----------
    public
        Algorithm and SubjectPublicKeyInfo of the key.
    proof
        Base64 of the key's signature over the challenge, which names this house, you and the key.
    """
    identity = context.identity
    if identity.responsible:
        msg = f"{identity.id} is a service account: people sign off, with keys of their own"
        raise PermissionError(msg)
    root = current_root(context)
    offer = KeyOffer(identity.id, public, proof, root.origin)
    if not proven(offer, context.house.verify):
        msg = (
            f"the proof is not a signature of key {public.id[:16]} over the challenge for {identity.id} at "
            f"{root.origin}: `muster key offer FILE` makes it where the private key is"
        )
        raise PermissionError(msg)
    if public.id in {grant.key.id for grant in root.grants}:
        msg = f"key {public.id[:16]} has a duty already: make a new one (muster key new)"
        raise ValueError(msg)
    context.record(offer)
    return offer


@view("key offers")
def offers(context: Context) -> tuple[OfferedKey, ...]:
    """List the keys that approvers handed in, oldest first, and which of them count."""
    context.house.ledger.refresh()
    roots = [root for _, root in context.history(TrustRoot, "trust-root")]
    now, ever = (
        {(grant.key.id, grant.actor) for root in some for grant in root.grants} for some in (roots[-1:], roots)
    )
    lines = []
    for recorded, offer in context.history(KeyOffer):
        named = offer.key.id, offer.actor
        state = "granted" if named in now else "withdrawn" if named in ever else "open"
        lines.append(OfferedKey(offer.actor, offer.key.id, recorded.entry.at, state, offer))
    return tuple(lines)


def remind(context: Context) -> Iterator[str]:
    """Tell people that the trust root will expire soon, or has; yield what was said."""
    root, now = _published(context), context.house.clock()
    if root is None or now < root.expires_at - REMIND:
        return
    when = "has expired" if now >= root.expires_at else "expires"
    words = (
        f"the trust root {when} on {root.expires_at:%Y-%m-%d}, after which nothing is served: its holders renew it "
        "(muster trust draft --renew, muster trust sign, muster trust publish)"
    )
    severity = Severity.CRITICAL if now >= root.expires_at else Severity.WARNING
    context.house.notify.notify(Alert("trust-root-expires", severity, root.subject, words, now))
    yield words


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


def _require_second_person(context: Context, before: TrustRoot | None, root: TrustRoot, document: str) -> None:
    """Refuse approvers' keys that their holders did not hand in, or let count themselves."""
    granted = newly_approving(before, root)
    if not granted:
        return
    handed_in = [
        (recorded.entry.person, offer)
        for recorded, offer in context.history(KeyOffer)
        if offer.origin == root.origin and proven(offer, context.house.verify)
    ]
    holders = {grant.key.id: grant for each in (before, root) if each for grant in each.grants}
    keys = [grant.key for grant in holders.values() if grant.duty is Duty.ROOT]
    _, signed = signers_of(read_envelope(document), ROOT_TYPE, keys, context.house.verify)
    publisher = context.identity.responsible or context.identity.id
    require_second_person(granted, handed_in, publisher, [holders[key] for key in signed])
