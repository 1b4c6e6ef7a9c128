"""Enrolment: an approver's key counts only if they handed it in themselves, and somebody else let it count."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection, Iterable

from muster.records.access.alert import Severity, Suspicious
from muster.records.trust import Duty, KeyGrant, KeyOffer, TrustRoot
from muster.rules.envelope import Verify


def proven(offer: KeyOffer, verify: Verify) -> bool:
    """Tell whether whoever handed a key in holds its private half, and meant this house and this actor."""
    try:
        proof = base64.b64decode(offer.proof, validate=True)
    except (binascii.Error, ValueError):
        return False
    return verify(offer.key, offer.challenge, proof)


def newly_approving(current: TrustRoot | None, drafted: TrustRoot) -> tuple[KeyGrant, ...]:
    """Return the approvers' keys that would count in the new version and do not yet."""
    known = {(grant.key.id, grant.actor) for grant in (current.grants if current else ())}
    approving = (grant for grant in drafted.grants if grant.duty is Duty.APPROVER)
    return tuple(grant for grant in approving if (grant.key.id, grant.actor) not in known)


def require_second_person(
    granted: Iterable[KeyGrant], offers: Iterable[tuple[str, KeyOffer]], publisher: str, signers: Collection[KeyGrant]
) -> None:
    """Refuse approvers' keys that their holders did not hand in, or let count themselves.

    Parameters
    ----------
    granted
        The new approvers' keys.
    offers
        Keys that were handed in, each with the person whose ledger entry it is.
    publisher
        Who publishes the trust root.
    signers
        The root keys that signed it; some may name the person who holds them.

    Raises
    ------
    Suspicious
        If a key was not handed in by its holder, or nobody else lets it count.
    """
    handed_in = {(person, offer.actor, offer.key.id) for person, offer in offers}
    for grant in granted:
        actor = grant.actor
        if (actor, actor, grant.key.id) not in handed_in:
            msg = (
                f"{actor} has not handed in key {grant.key.id[:16]}, so nobody knows that it is theirs: "
                f"they do that themselves, with `muster key offer FILE`"
            )
            raise Suspicious(msg, "key-not-handed-in", Severity.WARNING)
        if publisher == actor:
            msg = f"{actor} cannot let their own key count: a second person publishes the trust root that grants it"
            raise Suspicious(msg, "second-person-missing", Severity.WARNING)
        if signers and all(signer.actor == actor for signer in signers):
            msg = f"{actor} alone signed the trust root that grants their own key: another holder of a root key must"
            raise Suspicious(msg, "second-person-missing", Severity.WARNING)
