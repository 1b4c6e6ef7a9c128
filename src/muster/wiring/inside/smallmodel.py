"""The small language model of this machine, as a process of its own."""

from __future__ import annotations

import sys

from muster.adapters.llamacpp import MISSING, NAME, weights

__all__ = ["NAME", "command", "require_installed"]


def require_installed() -> None:
    """Refuse where the small model is not installed; raise RuntimeError saying how to install it."""
    if weights() is None:
        raise RuntimeError(MISSING)


def command(port: int) -> list[str]:
    """Return the command line that serves it on loopback, at ``/v1`` of a port."""
    return [sys.executable, "-P", "-m", "muster.adapters.llamacpp", "--port", str(port)]
