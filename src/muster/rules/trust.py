"""Trust roots: follow the chain of root documents from a fingerprint that came by another way.

The rules, after The Update Framework: the first document's root keys must have the pinned fingerprint; versions go up
by one; each document is signed by a threshold of its own root keys and of those before it; the last has not expired;
no key holds two duties.
"""

from __future__ import annotations

import base64
import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from muster.records.canonical import canonical, digest, parse
from muster.records.codec import decode, encode
from muster.records.entry import LOCAL
from muster.records.trust import Algorithm, Duty, KeyGrant, PublicKey, TrustRoot
from muster.rules.envelope import Sign, Verify, envelope_text, open_envelope, read_envelope, seal

ROOT_TYPE = "application/vnd.muster.trust-root+json"

MOST_POLICY_SIGNERS = 20
"""Of one role."""

_ACTOR = re.compile(r"[A-Za-z0-9._-]+")  # as actors are added: no two ids that look alike

_FORMS = {
    Algorithm.ECDSA_P256: (bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004"), 91),
    Algorithm.ED25519: (bytes.fromhex("302a300506032b6570032100"), 44),
}
"""How a SubjectPublicKeyInfo begins and how long it is: uncompressed point (RFC 5480), Ed25519 (RFC 8410)."""


def fingerprint(root: TrustRoot) -> str:
    """Return the digest of the root keys and their threshold: what is pinned, and stays while these keys do."""
    return digest(canonical({"keys": sorted(key.id for key in root.keys(Duty.ROOT)), "threshold": root.threshold}))


def sign_root(root: TrustRoot, signers: Sequence[tuple[KeyGrant, Sign]]) -> str:
    """Return a trust-root document (JSON text of its envelope), after checking that its content makes sense."""
    check_root(root)
    return envelope_text(seal(ROOT_TYPE, canonical(encode(root)), [(grant.key, sign) for grant, sign in signers]))


def follow_root(pinned: str, documents: Sequence[str], verify: Verify, now: datetime) -> TrustRoot:
    """Follow a chain of trust-root documents; return the last.

    Parameters
    ----------
    pinned
        Fingerprint of the root keys of the first document, had from elsewhere.
    documents
        JSON texts of the envelopes, oldest first, versions consecutive.

    Raises
    ------
    PermissionError
        If any link does not hold, with the version and the reason.
    """
    if not documents:
        msg = "there is no trust-root document: nothing can be trusted. Get one with `muster trust show`"
        raise PermissionError(msg)
    trusted: TrustRoot | None = None
    for place, text in enumerate(documents, 1):
        try:
            trusted = step_root(trusted, text, pinned, verify)
        except ValueError as error:
            msg = f"trust-root document {place} of {len(documents)} cannot be read: {error}"
            raise PermissionError(msg) from error
    if trusted is None or now >= trusted.expires_at:
        msg = "the trust root has expired: the holders of the root keys publish a new one (muster trust draft --renew)"
        raise PermissionError(msg)
    return trusted


def step_root(trusted: TrustRoot | None, text: str, pinned: str, verify: Verify) -> TrustRoot:
    """Take one step along the chain: return the root in a document, if it follows from the one trusted so far.

    Raises
    ------
    PermissionError
        If it does not follow; for the first one, if it has not the pinned fingerprint.
    ValueError
        If it cannot be read, or makes no sense.
    """
    envelope = read_envelope(text)
    # Read before it is verified, only to learn which keys it claims; nothing else is believed until they have signed.
    claimed = decode(TrustRoot, parse(base64.b64decode(envelope.payload, validate=True)), "trust root")
    check_root(claimed)
    if trusted is None and fingerprint(claimed) != pinned:
        msg = f"the trust root has fingerprint {fingerprint(claimed)}, but {pinned} was given: wrong or forged root"
        raise PermissionError(msg)
    if trusted is not None and claimed.version != trusted.version + 1:
        msg = f"trust root version {claimed.version} cannot follow version {trusted.version}"
        raise PermissionError(msg)
    for judge in filter(None, (trusted, claimed)):
        open_envelope(envelope, ROOT_TYPE, judge.keys(Duty.ROOT), verify, threshold=judge.threshold)
    return claimed


def check_root(root: TrustRoot) -> None:
    """Raise ValueError unless every duty has a key, no key two duties, and every key one encoding and so one id."""
    if odd := [grant.key.id for grant in root.grants if not _plain(grant.key)]:
        msg = f"trust root version {root.version}: key {odd[0][:16]} is not in the one usual encoding of its algorithm"
        raise ValueError(msg)
    holders = Counter(grant.key.id for grant in root.grants)
    if doubled := [key for key, count in holders.items() if count > 1]:
        msg = f"trust root version {root.version}: key {doubled[0][:16]} holds more than one duty"
        raise ValueError(msg)
    for duty in (Duty.ROOT, Duty.RELEASE, Duty.ORDERS, Duty.LEDGER):
        if not root.keys(duty):
            msg = f"trust root version {root.version}: no key holds the duty {duty.value}"
            raise ValueError(msg)
    if not 1 <= root.threshold <= len(root.keys(Duty.ROOT)):
        msg = f"trust root version {root.version}: threshold {root.threshold} of {len(root.keys(Duty.ROOT))} root keys"
        raise ValueError(msg)
    _require_seats(root)
    approvers = [grant for grant in root.grants if grant.duty is Duty.APPROVER]
    if nameless := [grant.key.id for grant in approvers if not grant.actor or grant.actor.startswith(LOCAL)]:
        msg = f"trust root version {root.version}: approver key {nameless[0][:16]} names no actor, or a local one"
        raise ValueError(msg)
    if alike := [grant.actor for grant in approvers if not _ACTOR.fullmatch(grant.actor)]:
        msg = (
            f"trust root version {root.version}: {alike[0]!a} cannot be an actor's id, which has only the letters "
            "a to z, digits, '-', '.' and '_': one that looks like an author's could sign off their work"
        )
        raise ValueError(msg)


def _require_seats(root: TrustRoot) -> None:
    for seat in root.policy_sign_offs:
        if not 1 <= seat.count <= MOST_POLICY_SIGNERS or not seat.role:
            msg = f"trust root version {root.version}: {seat.count} of role {seat.role!r} cannot sign a policy"
            raise ValueError(msg)


def _plain(key: PublicKey) -> bool:
    """Tell whether a key is in its one usual DER form: another form of the same key would count as a second signer."""
    start, length = _FORMS[key.algorithm]
    return key.der.startswith(start) and len(key.der) == length
