"""Keys: made on the machine of who signs, or held in a device; what leaves it is the public half."""

from __future__ import annotations

import errno
import getpass
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from muster.adapters.keys import KeyFile, encrypted
from muster.ports.keys import Signer
from muster.records.trust import Algorithm, Duty, PublicKey
from muster.rules.ceremony.changes import ALGORITHMS

Ask = Callable[[str], str]
"""Asks for the passphrase or PIN of the key that is named; raises ValueError where nobody can answer."""

_URI = re.compile(r"[a-z][a-z0-9]+:")


@dataclass(frozen=True, slots=True)
class NewKey:
    """A private key: where it is, and the public half to be granted its duty."""

    file: str
    duty: Duty
    actor: str
    id: str
    public: PublicKey
    name: str = ""
    """For a witness or a gateway: the name that it signs under."""


def new_key(path: Path, duty: Duty, actor: str = "", passphrase: bytes | None = None, name: str = "") -> NewKey:
    """Make a key for a duty; raise FileExistsError where a file is already, OSError where none can be written."""
    key = KeyFile.create(path, _algorithm(duty), passphrase).key
    return NewKey(str(path), duty, actor, key.id, key, name)


def read_key(
    where: Path | str,
    duty: Duty,
    actor: str = "",
    passphrase: bytes | None = None,
    *,
    name: str = "",
    ask: Ask | None = None,
) -> NewKey:
    """Return what :func:`new_key` returned for a key that was made before, here or in a device.

    Raises what :func:`load_signer` raises, and ValueError where such a key cannot have the duty.
    """
    key = load_signer(where, passphrase, ask).key
    require_fit(key, duty, where)
    return NewKey(str(where), duty, actor, key.id, key, name)


def load_signer(where: Path | str, passphrase: bytes | None = None, ask: Ask | None = None) -> Signer:
    """Open a private key.

    Parameters
    ----------
    where
        A file, or the URI of a key in a device or service, such as ``awskms:KEY-ID``.
    passphrase
        Of the file; else ``ask`` is asked if one is needed.

    Raises
    ------
    FileNotFoundError, PermissionError, ValueError
        As ``KeyFile.load``.
    OSError, RuntimeError
        As ``HeldKey``.
    """
    if is_uri(where):
        from muster.adapters.keyservice import HeldKey
        from muster.adapters.signatures import verify

        return HeldKey(str(where), lambda secret: (ask or nobody)(f"{secret} of {where}"), verify)
    path = Path(where)
    if passphrase is None and ask is not None and encrypted(path):
        passphrase = ask(f"passphrase of {path}").encode()
    return KeyFile.load(path, passphrase)


def is_uri(where: Path | str) -> bool:
    """Tell whether a key is in a device or service, and not in a file."""
    return isinstance(where, str) and bool(_URI.match(where))


def require_fit(key: PublicKey, duty: Duty, where: Path | str) -> None:
    """Raise ValueError where a key is of a kind that cannot have the duty."""
    wanted = _algorithm(duty)
    if key.algorithm is wanted or duty is Duty.GATEWAY_LOG:
        return
    why = ""
    if wanted is Algorithm.ED25519:
        why = (
            ". Checkpoints are C2SP signed notes, which take Ed25519 only: of the devices and services that muster "
            "speaks to, HashiCorp Vault has it, PKCS#11, AWS, Google and Azure have not: keep this key in a file"
        )
    msg = f"{where}: a key of algorithm {key.algorithm.value} cannot sign as {duty.value}{why}"
    raise ValueError(msg)


def nobody(secret: str) -> str:
    """Say that nobody is there to be asked for a secret."""
    msg = (
        f"the {secret} is needed and nobody is at the terminal: put it into a file named after the duty, in a folder "
        "that the setting key_secrets names (systemd: LoadCredential=, key_secrets=$CREDENTIALS_DIRECTORY)"
    )
    raise ValueError(msg)


def at_terminal(secret: str) -> str:
    """Ask whoever is at the terminal for a secret; raise ValueError where nobody is."""
    return getpass.getpass(f"{secret}: ") if sys.stdin.isatty() else nobody(secret)


def secret_in(folder: Path | None, duty: Duty, otherwise: Ask = nobody) -> Ask:
    """Return how the secret of a duty's key is had: from the file named after the duty, or else by asking.

    Raises
    ------
    PermissionError
        When it is asked for, if everybody may read the file.
    """

    def ask(secret: str) -> str:
        path = folder / duty.value if folder else None
        if path is None or not path.is_file():
            return otherwise(secret)
        if path.stat().st_mode & 0o007:
            words = "anybody on this machine may read this secret: run chmod 600 on it"
            raise PermissionError(errno.EACCES, words, str(path))
        return path.read_text(encoding="utf-8").removesuffix("\n")

    return ask


def _algorithm(duty: Duty) -> Algorithm:
    return ALGORITHMS.get(duty, Algorithm.ECDSA_P256)
