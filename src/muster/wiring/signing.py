"""Signing with private keys of people, which stay in files on their machines."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from muster.adapters.keys import KeyFile
from muster.records.trust import Duty, KeyGrant, TrustRoot
from muster.rules.envelope import IN_TOTO, envelope_text, seal
from muster.rules.trust import sign_root
from muster.wiring.control import now

ROOT_LIFE = timedelta(days=365)
"""How long a new version of the trust root is good for."""


def sign_statement(payload: bytes, key: Path, passphrase: bytes | None = None) -> str:
    """Sign an in-toto statement; return the DSSE envelope as JSON text."""
    signer = KeyFile.load(key, passphrase)
    return envelope_text(seal(IN_TOTO, payload, [(signer.key, signer.sign)]))


def next_root(changed: TrustRoot, key: Path, passphrase: bytes | None = None) -> str:
    """Sign the version after this one, with its new content; return the document as JSON text.

    Raises
    ------
    PermissionError
        If the key is not one of the root's.
    """
    signer = KeyFile.load(key, passphrase)
    issued = now()
    root = replace(changed, version=changed.version + 1, issued_at=issued, expires_at=issued + ROOT_LIFE)
    if signer.key.id not in {known.id for known in root.keys(Duty.ROOT)}:
        msg = f"{key} is no root key: the trust root names others"
        raise PermissionError(msg)
    return sign_root(root, [(KeyGrant(Duty.ROOT, signer.key), signer.sign)])
