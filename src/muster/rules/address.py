"""Addresses: whether one is this machine, to which secrets may go without TLS and around any proxy."""

from __future__ import annotations

import ipaddress
from contextlib import suppress


def loopback(host: str) -> bool:
    """Tell whether only this machine can be meant by a host: ``localhost``, or a loopback address (RFC 6890)."""
    with suppress(ValueError):
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    return host == "localhost"
