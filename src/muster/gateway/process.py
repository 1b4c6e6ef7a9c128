"""The gateway as a process: bind the port, follow the outbox, serve until told to stop, keep the log."""

from __future__ import annotations

import contextlib
import gc
import signal
import socket
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
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
from muster.gateway.http.patience import PatientProtocol
from muster.gateway.operations.answers import Answers
from muster.gateway.operations.attached import Attached
from muster.gateway.operations.lines import Teller
from muster.gateway.operations.notify import Starter
from muster.gateway.operations.sockets import GATEWAY, METRICS, address, handed_over, listen, listen_metrics
from muster.gateway.operations.workers.station import Station
from muster.ports.log import Log, Source
from muster.ports.notifier import Notifier
from muster.records.logs.segments import LogFigures
from muster.settings import Settings
from muster.wiring.carried.clients import ClientFile
from muster.wiring.carried.tls import tls_of
from muster.wiring.gateway import Parts, bind, chains_of, now, worker_state, write_metrics

CONNECTIONS = 1_000
"""More at once are answered with 503."""

TURN_SECONDS = 0.0005
"""How long a thread may keep the interpreter while another waits for it."""

COLLECT_AFTER = 20_000
"""Objects made and not yet gone, before cycles among them are looked for."""

DRAIN_SECONDS = 10
"""How long requests under way may take once the process is told to stop."""


def serve(settings: Settings, tell: Callable[[str], None] | None = None, station: Station | None = None) -> int:
    """Serve until a signal; return 0 after a clean end, 2 if it could not begin.

    Everything that can be wrong with the settings is found before anything is started. ``station`` is this process's
    place among several; by default it is alone.
    """
    station, manager = station or Station(), Starter.found()
    teller = Teller(settings.log_format, now, station.number)
    tell = tell or teller
    try:
        require_root(settings)
        tls = tls_of(settings)
        parts = bind(settings, station.number)
        handed = {GATEWAY: station.listening} if station.number else handed_over()
        seen = SeenFile(parts.state, settings.group, shared=station.number > 0)
        with (
            listen(settings, handed.get(GATEWAY)) as listening,
            _held(settings, parts, seen, station),
            contextlib.closing(parts.open_notifier(tell)) as notifier,
        ):
            metrics = None if station.number else listen_metrics(settings, handed.get(METRICS))
            log = parts.open_log()
            admissions = _admissions(settings, parts, seen, log, notifier, 1 / station.count)
            gateway = Gateway(admissions.refresh(), parts.clock, tell)
            gateway.desk.log_takes = lambda: not log.figures().failing
            answers = Answers(Keeper(log, parts.clock, tell))
            gateway.chat = _chat(gateway, parts, answers, tell)
            for line in report(gateway.table):
                tell(line)
            life = Life(gateway, admissions, log, settings.poll_seconds, tell)
            attached = Attached(life, gateway, log, answers, tell)
            attached.watch(teller if settings.request_log else None, parts.open_tracing())
            attached.link(station.control)
            attached.show(metrics, write_metrics)
            attached.greet(manager)
            tell(f"listening on http{'s' if tls else ''}://{address(listening)}/v2")
            _settle_interpreter()
            _run(life, listening, tls)
    except (OSError, ValueError) as error:
        tell(str(error))
        return 2
    return 0


def recover(settings: Settings, tell: Callable[[str], None] | None = None) -> int:
    """Close and seal what earlier lives of this gateway left open of the log; 0 if that was done, 2 if it could not."""
    try:
        _seal_chains(settings, chains_of(settings))
    except (OSError, ValueError) as error:
        (tell or Teller(settings.log_format, now))(str(error))
        return 2
    return 0


def _settle_interpreter() -> None:
    """Leave what was loaded out of every later look for cycles, and look less often: requests leave none behind.

    Threads take turns more often: what writes the log lets go of the interpreter with every column that it makes, and
    would wait 5 ms for it each time, while a busy loop fills its queue.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 50)
    sys.setswitchinterval(TURN_SECONDS)


def explain(settings: Settings, tell: Callable[[str], None] | None = None) -> int:
    """Tell how far the proof of each deployment comes, without serving; 0: all would, 1: not all, 2: could not tell."""
    tell = tell or Teller(settings.log_format, now)
    try:
        require_root(settings)
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


def require_root(settings: Settings) -> None:
    """Raise ValueError where nobody said which trust root to go by."""
    if not settings.root:
        msg = (
            "no trust root was given: `muster init` and `muster trust show` print its fingerprint; pass it with --root"
        )
        raise ValueError(msg)


@contextlib.contextmanager
def _held(settings: Settings, parts: Parts, seen: SeenFile, station: Station) -> Iterator[None]:
    """Hold what belongs to this process alone; raise BlockingIOError if another one has it."""
    if station.number:  # the state of the gateway is held by whoever started this worker
        with SeenFile(worker_state(parts.state, station.number), settings.group).locked():
            yield
        return
    with seen.locked():
        if settings.log_key is not None:
            _seal_chains(settings, [number for number in chains_of(settings) if number])
        yield


def _seal_chains(settings: Settings, numbers: Sequence[int]) -> None:
    for number in numbers:
        bind(settings, number).open_log().close()


def _admissions(
    settings: Settings, parts: Parts, seen: SeenFile, log: Log, notifier: Notifier | None = None, share: float = 1.0
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
    hosted = HostedLoader(parts.outbox, parts.open_guards, share)
    loader = Loader(parts.outbox, parts.read, log, parts.verify, hosted, share)
    return Admissions(trust, parts.outbox, loader, seen, keep=notifier is not None)


def _chat(gateway: Gateway, parts: Parts, answers: Answers, tell: Callable[[str], None]) -> ChatDoor:
    catch_up = answers.keeper.catch_up
    door = ChatDoor(parts.upstream, gateway.hosted_as, gateway.hosted, answers, catch_up, parts.clock, tell)
    if parts.clients is not None:
        door.clients = gateway.desk.clients = ClientFile(parts.clients)
        door.clients()  # now: what cannot be read is found before anything is answered
    return door


def _run(life: Life, listening: socket.socket, tls: Mapping[str, Any]) -> None:
    config = uvicorn.Config(
        life,
        loop="uvloop",
        http=PatientProtocol,
        interface="asgi3",
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

    def append(self, source: Source, rows: Mapping[str, Sequence[Any]], apart: Any = None) -> None:  # noqa: ARG002 - as the log has it
        """Refuse: nothing is decided here."""
        msg = f"nothing is decided here, so no {len(rows)} columns of {source.deployment} are logged"
        raise OSError(msg)

    def append_row(self, source: Source, row: tuple[Any, ...], apart: Any = None) -> None:  # noqa: ARG002 - as above
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

    def hasten(self, seconds: Mapping[str, float]) -> None:
        """Nothing grows here."""

    def close(self) -> None:
        """Nothing is open."""
