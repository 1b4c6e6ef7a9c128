"""Sockets: the ports of a gateway: bound here, or handed over open, so that nobody is turned away in between.

A socket that somebody else holds open (systemd, ``LISTEN_FDS``; the supervisor of several workers) keeps those who
connect waiting while one process ends and the next begins.
"""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import MutableMapping

from muster.settings import Settings
from muster.wiring.carried.tls import require_guarded

BACKLOG = 2_048
"""Connections that may wait to be taken."""

FIRST = 3
"""Descriptor of the first socket that is handed over (sd_listen_fds(3))."""

METRICS = "metrics"
"""Name of the socket for figures (``FileDescriptorName=`` of a systemd socket)."""

GATEWAY = "gateway"
"""Stands for any other name."""


def handed_over(environment: MutableMapping[str, str] | None = None) -> dict[str, socket.socket]:
    """Take the sockets that were handed to this process, by name, as sd_listen_fds(3) says.

    The variables are removed: they are of no use to a child.

    Raises
    ------
    ValueError
        If what was handed over is no listening socket, or nobody knows which is which.
    """
    found = os.environ if environment is None else environment
    told = {name: found.pop(name, "") for name in ("LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES")}
    if told["LISTEN_PID"] != str(os.getpid()) or not told["LISTEN_FDS"].isdigit():
        return {}
    names = told["LISTEN_FDNAMES"].split(":") if told["LISTEN_FDNAMES"] else []
    taken: dict[str, socket.socket] = {}
    for place in range(int(told["LISTEN_FDS"])):
        name = METRICS if names[place : place + 1] == [METRICS] else GATEWAY
        if name in taken:
            msg = f"two sockets were handed over as {name}: one for answers, and one named {METRICS}, are taken"
            raise ValueError(msg)
        taken[name] = adopted(FIRST + place)
    return taken


def adopted(descriptor: int) -> socket.socket:
    """Return a listening socket that is open already; raise ValueError where the descriptor is none."""
    try:
        os.set_inheritable(descriptor, False)  # noqa: FBT003 - the name says it
        listening = socket.socket(fileno=descriptor)
        accepts = listening.type == socket.SOCK_STREAM and listening.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
    except OSError as error:
        msg = f"descriptor {descriptor}, which was handed over, is no socket: {error.strerror}"
        raise ValueError(msg) from error
    if not accepts:
        listening.close()
        msg = f"descriptor {descriptor}, which was handed over, is no listening stream socket (ListenStream=)"
        raise ValueError(msg)
    return listening


def listen(settings: Settings, given: socket.socket | None = None) -> contextlib.closing[socket.socket]:
    """Take the port, or the socket that was handed over.

    Raises
    ------
    OSError
        Where it cannot be taken.
    ValueError
        Where it would answer strangers unasked.
    """
    if given is not None:
        if given.family != socket.AF_UNIX:
            require_guarded(settings, given.getsockname()[0])
        return contextlib.closing(given)
    require_guarded(settings, settings.gateway_host)
    return contextlib.closing(bound(settings.gateway_host, settings.gateway_port, "gateway"))


def listen_metrics(settings: Settings, given: socket.socket | None = None) -> socket.socket | None:
    """Take the port for figures; None where nobody asked for one. Raise OSError where it cannot be taken."""
    if given is not None:
        return given
    return bound(settings.metrics_host, settings.metrics_port, "metrics") if settings.metrics_port else None


def bound(host: str, port: int, what: str) -> socket.socket:
    """Return a socket that listens; ``what`` names the settings ``--WHAT-host`` and ``--WHAT-port`` in errors."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        msg = f"{host!r} is no address of this machine ({error.strerror}): check --{what}-host"
        raise OSError(msg) from error
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(address)
        listening.listen(BACKLOG)  # now, not when the first request is taken: until then another could have the port
    except OSError as error:
        listening.close()
        msg = f"cannot listen on {host}:{port} ({error.strerror}): is another gateway running? Choose --{what}-port"
        raise OSError(msg) from error
    return listening


def address(listening: socket.socket) -> str:
    """Write where a socket listens, as people type it."""
    name = listening.getsockname()
    if isinstance(name, tuple):
        return f"[{name[0]}]:{name[1]}" if ":" in name[0] else f"{name[0]}:{name[1]}"
    return f"unix:{name.decode() if isinstance(name, bytes) else name}"
