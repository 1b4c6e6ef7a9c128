"""The gateway as a process: bind the port, follow the outbox, serve until told to stop, keep the log."""

from __future__ import annotations

import contextlib
import signal
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from math import inf
from typing import Any

import uvicorn

from muster.gateway.admission.admissions import Admissions
from muster.gateway.admission.channel import Trust
from muster.gateway.admission.loading import Loader
from muster.gateway.admission.seen import SeenFile
from muster.gateway.admission.table import report
from muster.gateway.app import Gateway
from muster.gateway.chat.door import ChatDoor
from muster.gateway.chat.keeping import Keeper
from muster.gateway.chat.loading import HostedLoader
from muster.gateway.following import Life
from muster.gateway.patience import PatientProtocol
from muster.ports.log import Log, LogFigures, Source
from muster.ports.notifier import Notifier
from muster.settings import Settings
from muster.wiring.carried.clients import ClientFile
from muster.wiring.carried.tls import require_guarded, tls_of
from muster.wiring.gateway import Parts, bind

CONNECTIONS = 1_000
"""More at once are answered with 503."""

BACKLOG = 2_048
"""Connections that may wait to be taken."""

DRAIN_SECONDS = 10
"""How long requests under way may take once the process is told to stop."""


def tell(line: str) -> None:
    """Write a line for the operator; what was read in the outbox can neither begin another nor move the cursor."""
    shown = line if line.isprintable() else "".join(c if c.isprintable() else " " for c in line)
    sys.stderr.write(f"gateway: {shown}\n")
    sys.stderr.flush()


def serve(settings: Settings, tell: Callable[[str], None] = tell) -> int:
    """Serve until a signal; return 0 after a clean end, 2 if it could not begin.

    Everything that can be wrong with the settings is found before anything is started.
    """
    try:
        _require_root(settings)
        tls = tls_of(settings)
        parts = bind(settings)
        seen = SeenFile(parts.state, settings.group)
        with listen(settings) as listening, seen.locked(), contextlib.closing(parts.open_notifier(tell)) as notifier:
            log = parts.open_log()
            admissions = _admissions(settings, parts, seen, log, notifier)
            gateway = Gateway(admissions.refresh(), parts.clock, tell)
            gateway.chat = _chat(gateway, parts, log, tell)
            for line in report(gateway.table):
                tell(line)
            life = Life(gateway, admissions, log, settings.poll_seconds, tell)
            host, port = listening.getsockname()[:2]
            tell(f"listening on http{'s' if tls else ''}://{host}:{port}/v2")
            _run(life, listening, tls)
    except (OSError, ValueError) as error:
        tell(str(error))
        return 2
    return 0


def explain(settings: Settings, tell: Callable[[str], None] = tell) -> int:
    """Tell how far the proof of each deployment comes, without serving; 0: all would, 1: not all, 2: could not tell."""
    try:
        _require_root(settings)
        parts = bind(settings)
        admissions = _admissions(settings, parts, SeenFile(parts.state, settings.group), _NoLog())
    except (OSError, ValueError) as error:
        tell(str(error))
        return 2
    table = admissions.refresh()
    for line in report(table):
        tell(line)
    serving = table.serving(parts.clock())
    refused = any(place.refusal for place in table.arms)
    return 0 if serving and len(serving) == len(table.places) and not refused else 1


def listen(settings: Settings) -> contextlib.closing[socket.socket]:
    """Take the port; raise OSError where that cannot be, ValueError where it would answer strangers unasked."""
    host, port = settings.gateway_host, settings.gateway_port
    require_guarded(settings, host)
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        msg = f"{host!r} is no address of this machine ({error.strerror}): check --gateway-host"
        raise OSError(msg) from error
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(address)
        listening.listen(BACKLOG)  # now, not when the first request is taken: until then another could have the port
    except OSError as error:
        listening.close()
        msg = f"cannot listen on {host}:{port} ({error.strerror}): is another gateway running? Choose --gateway-port"
        raise OSError(msg) from error
    return contextlib.closing(listening)


def _require_root(settings: Settings) -> None:
    if not settings.root:
        msg = (
            "no trust root was given: `muster init` and `muster trust show` print its fingerprint; pass it with --root"
        )
        raise ValueError(msg)


def _admissions(
    settings: Settings, parts: Parts, seen: SeenFile, log: Log, notifier: Notifier | None = None
) -> Admissions:
    """Return what follows the outbox; without anybody to tell of alarms, it only looks and keeps nothing."""
    trust = Trust(
        settings.root,
        settings.group,
        parts.verify,
        parts.clock,
        environment=settings.environment,
        orders_at_least=settings.orders_at_least,
        notify=notifier,
        name=settings.gateway_name,
    )
    hosted = HostedLoader(parts.outbox, parts.open_guards)
    loader = Loader(parts.outbox, parts.read, log, parts.verify, hosted)
    return Admissions(trust, parts.outbox, loader, seen, keep=notifier is not None)


def _chat(gateway: Gateway, parts: Parts, log: Log, tell: Callable[[str], None]) -> ChatDoor:
    keeper = Keeper(log, parts.clock, tell)
    door = ChatDoor(parts.upstream, gateway.hosted_as, gateway.hosted, keeper.keep, keeper.catch_up, parts.clock, tell)
    if parts.clients is not None:
        door.clients = gateway.desk.clients = ClientFile(parts.clients)
        door.clients()  # now: what cannot be read is found before anything is answered
    return door


def _run(life: Life, listening: socket.socket, tls: Mapping[str, Any]) -> None:
    config = uvicorn.Config(
        life,
        loop="uvloop",
        http=PatientProtocol,
        ws="none",
        lifespan="on",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=CONNECTIONS,
        timeout_graceful_shutdown=DRAIN_SECONDS,
        **tls,
    )
    # Once it has drained, uvicorn raises the signal that ended it again; by then all is done: a good end.
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda *_: None)
    uvicorn.Server(config).run(sockets=[listening])


class _NoLog:
    """Log of a process that only explains."""

    def append(self, source: Source, rows: Mapping[str, Sequence[Any]]) -> None:
        """Refuse: nothing is decided here."""
        msg = f"nothing is decided here, so no {len(rows)} columns of {source.deployment} are logged"
        raise OSError(msg)

    def append_row(self, source: Source, row: tuple[Any, ...]) -> None:
        """Refuse: nothing is decided here."""
        msg = f"nothing is decided here, so no row of {len(row)} values of {source.deployment} is logged"
        raise OSError(msg)

    def pressure(self, rows: int = 0) -> float:
        """Take no rows."""
        return inf if rows >= 0 else 0.0

    def figures(self) -> LogFigures:
        """Tell of a log that takes nothing."""
        return LogFigures(failing=True)

    def flush(self) -> None:
        """Nothing is queued."""

    def close(self) -> None:
        """Nothing is open."""
