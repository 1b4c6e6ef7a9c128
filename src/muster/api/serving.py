"""The process behind ``muster up``: take the port, open the house, answer until told to stop."""

from __future__ import annotations

import contextlib
import errno
import socket
import sys
from typing import Any

import uvicorn

from muster.api.app import create_app
from muster.api.entrance.door import open_door
from muster.api.entrance.site import Site, site_at
from muster.lifecycle.desk.context import House
from muster.lifecycle.entrance.ways import Ways
from muster.settings import Settings
from muster.wiring.abroad.canaries import asking_canaries
from muster.wiring.abroad.watching import watching
from muster.wiring.carried.tls import require_guarded, tls_of
from muster.wiring.control import close_house, open_house
from muster.wiring.entrance.beginning import begin
from muster.wiring.entrance.ways import ways_of
from muster.wiring.recovery import recover

CONNECTIONS = 1_000
"""Open connections at once; more are answered with 503, so that none of them is left without a descriptor."""

DRAIN_SECONDS = 30
"""How long actions that are under way get to end when the process is told to stop."""

ANYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 - named so that it can be told from an address
"""Addresses to listen on that nobody can type."""


def serve(settings: Settings) -> int:
    """Run the control plane until it is interrupted; return the exit code.

    Where there is no house yet, one is founded, and a one-time link for its first owner is printed.

    Raises
    ------
    ValueError
        If others could reach it without TLS, or a setting cannot be used.
    OSError
        If the port is taken, or the home holds something else.
    """
    require_guarded(settings, settings.host)
    tls, ways = tls_of(settings), ways_of(settings)
    listener = take_port(settings.host, settings.port)
    with contextlib.closing(listener):
        host, port = listener.getsockname()[:2]
        site = site_of(settings, host, port, tls=bool(tls))
        settings, link = begin(settings)
        house = open_house(settings)
        try:
            _tell(settings, house, site)
            if link is not None:
                sys.stderr.write(f"first owner {link.actor}: open {site.origin}{link.path} within the hour, once\n")
            sys.stderr.flush()
            with watching(house, settings), asking_canaries(house, settings):
                _run(config_of(settings, house, ways, site, tls), listener)
        finally:
            close_house(house)
    return 0


def site_of(settings: Settings, host: str, port: int, *, tls: bool) -> Site:
    """Return the address under which browsers see us; raise ValueError where nobody said it and it cannot be known."""
    if settings.public_url:
        return site_at(settings.public_url, host, port)
    if settings.behind_proxy or host in ANYWHERE:
        msg = "public_url: say which address people type, such as https://muster.bank.example; it cannot be known here"
        raise ValueError(msg)
    return site_at(f"http{'s' if tls else ''}://{f'[{host}]' if ':' in host else host}:{port}", host, port)


def config_of(settings: Settings, house: House, ways: Ways, site: Site, tls: dict[str, Any]) -> uvicorn.Config:
    """Return how the control plane is served over HTTP, with TLS where ``tls`` names a certificate."""
    door = open_door(house, ways, site, requests_per_minute=settings.requests_per_minute)
    return uvicorn.Config(
        create_app(house, settings.largest_upload_mib, door),
        ws="none",
        limit_concurrency=CONNECTIONS,
        log_level="warning",
        access_log=False,
        server_header=False,
        # Who is asking is believed of the proxies that the settings name, and of nobody else.
        proxy_headers=bool(settings.behind_proxy),
        forwarded_allow_ips=list(settings.behind_proxy),
        timeout_graceful_shutdown=DRAIN_SECONDS,
        **tls,
    )


def take_port(host: str, port: int) -> socket.socket:
    """Return a socket bound to the address, before anything else is started."""
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


def _tell(settings: Settings, house: House, site: Site) -> None:
    entries = house.ledger.refresh()
    for line in recover(house):
        sys.stderr.write(f"{line}\n")
    sys.stderr.write(f"control plane of {settings.home} at {site.origin}, {entries} ledger entries verified\n")


def _run(config: uvicorn.Config, listener: socket.socket) -> None:
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])
