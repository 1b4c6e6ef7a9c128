"""Private keys that never leave a hardware module or a cloud's key service (library: securesystemslib).

Tested here against a PKCS#11 module (SoftHSM) and the interface of AWS KMS; the other schemes go the same way through
the library, and nobody has tried them with muster yet.
"""

from __future__ import annotations

import base64
import os
import threading
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from muster.ports.keys import Verify
from muster.records.trust import Algorithm, PublicKey

SCHEMES: Final = {
    "hsm": "a PKCS#11 module: hsm:KEYID?label=TOKEN&module=/path/to/module.so",
    "awskms": "AWS KMS: awskms:KEY-ID",
    "gcpkms": "Google Cloud KMS: gcpkms:projects/...",
    "azurekms": "Azure Key Vault: azurekms://VAULT.vault.azure.net/keys/NAME",
    "hv": "HashiCorp Vault: hv:NAME, for Ed25519 keys only",
}
"""Where a key may be kept, by the beginning of its URI."""

_ED25519_SPKI: Final = bytes.fromhex("302a300506032b6570032100")  # RFC 8410, section 4; the 32 bytes of the key follow
_ONE_AT_A_TIME: Final = threading.Lock()
"""A token that is logged in twice by one process refuses the second time."""

Ask = Callable[[str], str]
"""Gives a secret, such as a PIN, by its name."""


class HeldKey:
    """One private key that is held elsewhere, for one duty: fills the port Signer.

    Each signature is verified before it is given away: what a faulty device makes must not go out.

    Parameters
    ----------
    uri
        Where the key is; see :data:`SCHEMES`.
    ask
        Gives the PIN where one is needed; asked once.
    verify
        Verifies signatures.

    Raises
    ------
    OSError
        Where the device or service does not answer, or refuses.
    ValueError
        Where the URI makes no sense, or the key is of another kind than ECDSA P-256 or Ed25519.
    RuntimeError
        Where the library for it is not installed.
    """

    def __init__(self, uri: str, ask: Ask, verify: Verify) -> None:
        self._uri = uri
        self._verify = verify
        self._ask = ask
        self._secret = ""
        self._signer = self._told(self._open)
        self._key = _public(uri, self._signer.public_key)

    @property
    def key(self) -> PublicKey:
        """The public half."""
        return self._key

    def sign(self, message: bytes) -> bytes:
        """Return a signature: DER for ECDSA P-256 over SHA-256, 64 raw bytes for Ed25519."""
        signature = bytes.fromhex(self._told(lambda: self._signer.sign(message)).signature)
        if not self._verify(self._key, message, signature):
            msg = f"{self._uri} gave a signature that its own public key does not verify: nothing was signed"
            raise OSError(msg)
        return signature

    def _open(self) -> Any:
        uri, public = _imported(self._uri, self._pin)
        return _library().Signer.from_priv_key_uri(uri, public, self._pin)

    def _pin(self, name: str) -> str:
        """Return the PIN; one that was typed is kept in memory, for each signature needs it."""
        self._secret = self._secret or self._ask(name)
        return self._secret

    def _told(self, call: Callable[[], Any]) -> Any:
        """Do something with the library; whatever it raises leaves here as what it means to people."""
        try:
            with _ONE_AT_A_TIME:
                return call()
        except ImportError as error:
            msg = f"{self._uri}: install the extra `keys` of muster ({error})"
            raise RuntimeError(msg) from None
        except Exception as error:  # each device and service has errors of its own
            if type(error).__name__ == "UnsupportedLibraryError":
                msg = f"{self._uri}: the library for it is not installed here ({error})"
                raise RuntimeError(msg) from None
            said = f"{type(error).__name__} {error}".strip()
            msg = f"{self._uri}: {said}; is the device or service there, the key in it, and the PIN right?"
            raise OSError(msg) from error


def _library() -> Any:
    """Return the library, which does not say what it exports."""
    import securesystemslib.signer

    return securesystemslib.signer


def _imported(uri: str, pin: Ask) -> Any:
    """Return the URI as the library wants it and the public half, from where the key is."""
    library, parts = _library(), urlsplit(uri)
    if parts.scheme == "hsm":
        options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        if "module" in options:
            os.environ["PYKCS11LIB"] = options["module"]  # the library looks there only
        return library.HSMSigner.import_(int(parts.path) if parts.path else None, options.get("label"), pin)
    if parts.scheme == "awskms":
        return library.AWSSigner.import_(parts.path, library.ECDSA_SHA2_NISTP256)
    if parts.scheme == "gcpkms":
        return library.GCPSigner.import_(parts.path)
    if parts.scheme == "azurekms":
        return library.AzureSigner.import_(parts.netloc.partition(".")[0], parts.path.split("/")[2])
    if parts.scheme == "hv":
        return library.VaultSigner.import_(parts.path)
    msg = f"{uri}: keys are kept in files or {'; '.join(SCHEMES.values())}"
    raise ValueError(msg)


def _public(uri: str, found: Any) -> PublicKey:
    """Turn the library's public key into ours."""
    written = found.keyval["public"]
    if found.scheme == "ed25519":
        return PublicKey(Algorithm.ED25519, base64.b64encode(_ED25519_SPKI + bytes.fromhex(written)).decode())
    if found.scheme == "ecdsa-sha2-nistp256":
        body = [line for line in written.splitlines() if line and not line.startswith("-----")]
        return PublicKey(Algorithm.ECDSA_P256, "".join(body))
    msg = f"{uri}: the key is for {found.scheme}, and muster signs with ECDSA P-256 or Ed25519: make another"
    raise ValueError(msg)
