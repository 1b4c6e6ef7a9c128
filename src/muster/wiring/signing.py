"""Signing with private keys of people, which stay in files on their machines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from muster.adapters.keys import KeyFile
from muster.adapters.signatures import verify
from muster.records.trust import Duty, KeyGrant, TrustRoot
from muster.rules.envelope import IN_TOTO, envelope_text, seal
from muster.rules.trust import follow_root, sign_root
from muster.wiring.control import now

ROOT_LIFE = timedelta(days=365)
"""How long a new version of the trust root is good for."""


def sign_statement(payload: bytes, key: Path, passphrase: bytes | None = None) -> str:
    """Sign an in-toto statement; return the DSSE envelope as JSON text."""
    signer = KeyFile.load(key, passphrase)
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
    return follow_root(pinned, documents, verify, datetime.min.replace(tzinfo=UTC))


def grant_key(current: TrustRoot, grant: KeyGrant, root_key: Path, passphrase: bytes | None = None) -> str:
    """Write the trust root's next version, in which a key is granted its duty, and sign it; return the document.

    An approver's earlier key is replaced: an actor signs off with one key.

    Raises
    ------
    PermissionError
        If ``root_key`` is not one of the root's.
    """
    signer = KeyFile.load(root_key, passphrase)
    if signer.key.id not in {known.id for known in current.keys(Duty.ROOT)}:
        msg = f"{root_key} is no root key: the trust root names others"
        raise PermissionError(msg)
    others = tuple(g for g in current.grants if not (g.duty is Duty.APPROVER and g.actor == grant.actor != ""))
    issued = now()
    changed = replace(
        current, version=current.version + 1, grants=(*others, grant), issued_at=issued, expires_at=issued + ROOT_LIFE
    )
    return sign_root(changed, [(KeyGrant(Duty.ROOT, signer.key), signer.sign)])
