"""The process behind ``muster up``: take the port, open the house, answer until told to stop."""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import socket
import sys

import uvicorn

from muster.api.app import create_app
from muster.settings import Settings
from muster.wiring.control import close_house, open_house
from muster.wiring.recovery import recover

CONNECTIONS = 1_000
"""Open connections at once; more are answered with 503, so that none of them is left without a descriptor."""

DRAIN_SECONDS = 30
"""How long actions that are under way get to end when the process is told to stop."""


def serve(settings: Settings) -> int:
    """Run the control plane until it is interrupted; return the exit code.

    Raises
    ------
    ValueError
        If the address is not on this machine and nobody set ``expose``.
    OSError
        If the port is taken, or there is no house.
    """
    listener = take_port(settings.host, settings.port, expose=settings.expose)
    with contextlib.closing(listener):
        house = open_house(settings)
        entries = house.ledger.refresh()
        for line in recover(house):
            sys.stderr.write(f"{line}\n")
        host, port = listener.getsockname()[:2]
        address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        sys.stderr.write(f"control plane of {settings.home} at {address}, {entries} ledger entries verified\n")
        config = uvicorn.Config(
            create_app(house, settings.largest_upload_mib),
            ws="none",
            limit_concurrency=CONNECTIONS,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=DRAIN_SECONDS,
        )
        try:
            uvicorn.Server(config).run(sockets=[listener])
        except KeyboardInterrupt:
            pass
        finally:
            close_house(house)
    return 0


def take_port(host: str, port: int, *, expose: bool) -> socket.socket:
    """Return a socket bound to the address, before anything else is started."""
    if not expose and not _loopback(host):
        msg = f"{host} can be reached from other machines: set expose (--expose), and put TLS in front of it"
        raise ValueError(msg)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            msg = f"port {port} on {host} is taken: is the control plane running already? Choose another with --port"
            raise OSError(msg) from None
        msg = f"cannot listen on {host}, port {port}: {error.strerror}"
        raise OSError(msg) from None
    return listener


def _loopback(host: str) -> bool:
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"
