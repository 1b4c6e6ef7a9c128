"""TLS of a process that listens: its certificate by setting, and no way to be reached by others without."""

from __future__ import annotations

import ssl
from typing import Any

from muster.rules.address import loopback
from muster.settings import Settings


def require_guarded(settings: Settings, host: str) -> None:
    """Raise ValueError where others could read what is said to us: listening beyond this machine needs TLS."""
    if loopback(host):
        return
    if not settings.expose:
        msg = f"{host} can be reached from other machines: set expose (--expose), with TLS (tls_certificate, tls_key)"
        raise ValueError(msg)
    if not settings.tls_certificate and not settings.behind_proxy:
        msg = (
            f"{host} can be reached from other machines and there is no TLS: set tls_certificate and tls_key, or say "
            "in behind_proxy which proxy ends TLS in front"
        )
        raise ValueError(msg)


def tls_of(settings: Settings) -> dict[str, Any]:
    """Return what uvicorn is told about TLS, empty for none.

    Raises
    ------
    ValueError
        If the certificate cannot be used, before anything listens.
    """
    if settings.tls_certificate is None and settings.tls_key is None:
        return {}
    if settings.tls_certificate is None or settings.tls_key is None:
        msg = "tls_certificate and tls_key go together: one of them is not set"
        raise ValueError(msg)
    files = {"ssl_certfile": str(settings.tls_certificate), "ssl_keyfile": str(settings.tls_key)}
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        # No passphrase can be asked for here: with one, this fails instead of waiting at a terminal that is not there.
        context.load_cert_chain(settings.tls_certificate, settings.tls_key, password=_no_passphrase)
    except (OSError, ValueError) as error:
        what = getattr(error, "reason", None) or getattr(error, "strerror", None) or str(error)
        names = f"{settings.tls_certificate} with {settings.tls_key}"
        msg = f"tls_certificate and tls_key: {names} cannot be used ({what}): both are PEM, the key without passphrase"
        raise ValueError(msg) from None
    return files


def _no_passphrase() -> str:
    msg = "the key is encrypted"
    raise ValueError(msg)
