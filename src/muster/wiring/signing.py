"""Signing with private keys of people, which stay in files or devices on their machines."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path

from muster.adapters.signatures import verify
from muster.lifecycle.desk.roots import OfferedKey
from muster.ports.keys import Signer
from muster.records.trust import Duty, KeyGrant, KeyOffer, TrustRoot
from muster.rules.ceremony.changes import LIFE, Changes, next_root
from muster.rules.ceremony.enrolment import proven
from muster.rules.ceremony.paper import AGELESS, Paper, Reading, drafted_paper, read_against, with_signature
from muster.rules.envelope import IN_TOTO, envelope_text, seal
from muster.rules.trust import follow_root, sign_root
from muster.wiring.control import now
from muster.wiring.keyring import Ask, load_signer


def sign_statement(payload: bytes, key: Path | str, passphrase: bytes | None = None, *, ask: Ask | None = None) -> str:
    """Sign an in-toto statement; return the DSSE envelope as JSON text."""
    signer = load_signer(key, passphrase, ask)
    return envelope_text(seal(IN_TOTO, payload, [(signer.key, signer.sign)]))


def followed_root(pinned: str, documents: Sequence[str]) -> TrustRoot:
    """Follow the chain of trust-root documents before its next one is signed; an expired root may be followed by a new.

    Whoever holds the root key must not take the control plane's word for what the root says: signing the successor of a
    forged root would make the forgery true.

    Raises
    ------
    PermissionError
        If the chain does not follow from the pinned fingerprint.
    """
    return follow_root(pinned, documents, verify, AGELESS)


def draft_root(pinned: str, documents: Sequence[str], changes: Changes, life: timedelta = LIFE) -> Paper:
    """Write the next version of the trust root, for others to sign; raises what the steps of it raise."""
    current = followed_root(pinned, documents)
    return drafted_paper(documents, current, next_root(current, changes, now(), life))


def read_draft(paper: Paper, pinned: str) -> Reading:
    """Read a draft against the fingerprint that its reader has by another way."""
    return read_against(paper, pinned, verify)


def sign_draft(paper: Paper, pinned: str, signer: Signer) -> Paper:
    """Add a root key's signature to a draft; raise PermissionError if it may not sign it."""
    return with_signature(paper, read_draft(paper, pinned), signer.key, signer.sign)


def grant_key(
    current: TrustRoot,
    grant: KeyGrant,
    root_key: Path | str,
    passphrase: bytes | None = None,
    *,
    ask: Ask | None = None,
) -> str:
    """Write the trust root's next version, in which a key is granted its duty, and sign it; return the document.

    An approver's earlier key is replaced: an actor signs off with one key. It takes one signature: where more must
    sign, draft, sign and publish are steps of their own.

    Raises
    ------
    PermissionError
        If ``root_key`` is not one of the root's, or one is not enough.
    """
    signer = load_signer(root_key, passphrase, ask)
    if signer.key.id not in {known.id for known in current.keys(Duty.ROOT)}:
        msg = f"{root_key} is no root key: the trust root names others"
        raise PermissionError(msg)
    if current.threshold > 1:
        msg = (
            f"{current.threshold} root keys must sign: use muster trust draft, muster trust sign, muster trust publish"
        )
        raise PermissionError(msg)
    held = grant.duty is Duty.APPROVER and any(
        g.duty is Duty.APPROVER and g.actor == grant.actor for g in current.grants
    )
    changes = Changes(replaced=(grant,)) if held else Changes(granted=(grant,))
    drafted = next_root(current, changes, now())
    return sign_root(drafted, [(KeyGrant(Duty.ROOT, signer.key), signer.sign)])


def offer_of(actor: str, origin: str, signer: Signer) -> KeyOffer:
    """Return what an approver hands in: the public half, and the proof that they hold the private one."""
    unproven = KeyOffer(actor, signer.key, "", origin)
    proof = base64.b64encode(signer.sign(unproven.challenge)).decode()
    return KeyOffer(actor, signer.key, proof, origin)


def offered(offers: Iterable[OfferedKey], actor: str, origin: str) -> KeyOffer:
    """Return the newest open offer of an actor, verified here; raise LookupError if there is none."""
    found = [line.offer for line in offers if line.actor == actor and line.state == "open"]
    sound = [offer for offer in found if offer.origin == origin and proven(offer, verify)]
    if sound:
        return sound[-1]
    msg = f"{actor} has handed in no key that waits to be granted: they run `muster key offer FILE`"
    raise LookupError(msg)
