"""The gateway's ports, bound, and how other processes start one. It binds no ledger and no signer but of its log."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from muster.guards.stream import StreamGuard
from muster.ports.blobs import Blobs
from muster.ports.clock import Clock
from muster.ports.keys import Verify
from muster.ports.log import Log, LogCipher
from muster.ports.upstream import Upstream
from muster.records.language.answers import AnswerRules
from muster.rules.witness.seals import worker_name
from muster.settings import Settings
from muster.wiring.abroad.alerts import bind_notifier

if TYPE_CHECKING:
    from muster.adapters.arrowlog.sealing import Sealer
    from muster.adapters.graphs.within import GraphModel
    from muster.adapters.onnx import OnnxPredictor
    from muster.adapters.sandbox.original import OriginalModel
    from muster.adapters.telemetry.tracing import Tracing
    from muster.adapters.telling.notifier import Telling
    from muster.columns.packages.names import Lists

ADMITTING = (
    "home",
    "group",
    "environment",
    "root",
    "outbox",
    "log",
    "gateway_state",
    "poll_seconds",
    "gateway_name",
    "log_key",
    "log_encryption_key",
    "log_encryption_command",
    "orders_at_least",
    "alert_webhook",
    "webhook_secret",
)
"""Settings that concern every process that runs what was released: which orders it follows, and what it keeps."""

FLAGS = (
    *ADMITTING,
    "gateway_host",
    "gateway_port",
    "expose",
    "behind_proxy",
    "tls_certificate",
    "tls_key",
    "packages",
    "provider_keys",
    "client_keys",
    "workers",
    "metrics_port",
    "metrics_host",
    "log_format",
    "request_log",
    "otlp_endpoint",
    "trace_share",
)
"""Settings that concern a gateway. Keys themselves are none of them: what stands in a command line, others read."""


CHAIN = "log-chain.json"
"""In a state folder: how far the seals of the log have come."""

LISTS_SECONDS = 60.0
"""How long a gateway goes on with the lists of names that it opened."""

LARGEST_ARTIFACT = 2**30
"""Bytes of a file of the outbox: it may be anybody's, and must not fill the memory of what serves."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a gateway is made of."""

    outbox: Blobs
    read: Callable[[bytes], OnnxPredictor | GraphModel | OriginalModel]
    verify: Verify
    clock: Clock
    open_log: Callable[[], Log]
    open_notifier: Callable[[Callable[[str], None]], Telling]
    """Given what takes lines for the operator."""
    open_guards: Callable[[AnswerRules], tuple[StreamGuard, ...]]
    """Opens the guards that stand before what a language model answers."""
    upstream: Upstream
    clients: Path | None
    """File of those who may ask; None: whoever reaches the port."""
    state: Path
    open_tracing: Callable[[], Tracing | None]
    """Opens what traces requests; None where there is nobody to send traces to."""


def bind(settings: Settings, worker: int = 0) -> Parts:
    """Bind the ports to what the settings name; raise FileNotFoundError if there is no outbox.

    ``worker`` is the number of this process among several, each of which seals a chain of its own; 0: it is alone.
    """
    from muster.adapters.arrowlog.writer import ArrowLog
    from muster.adapters.blobs import FolderBlobs
    from muster.adapters.signatures import verify
    from muster.wiring.carried.ciphers import cipher_of
    from muster.wiring.carried.models import read_model

    state = state_of(settings)
    folder = settings.log or settings.home / "log"
    source = f"/muster/gateway/{settings.group}/{settings.gateway_name}"

    def open_log() -> Log:
        cipher = cipher_of(settings)  # once: the keys may have to be asked for
        return ArrowLog(folder, sealer=_sealer(settings, folder, state, worker, cipher), cipher=cipher)

    return Parts(
        outbox=FolderBlobs(settings.outbox or settings.home / "outbox", create=False, largest=LARGEST_ARTIFACT),
        read=read_model,
        verify=verify,
        clock=now,
        open_log=open_log,
        open_notifier=lambda tell: bind_notifier(settings, state, source, tell, shared=worker > 0),
        open_guards=_Guards(settings),
        upstream=_Upstream(settings.provider_keys),
        clients=settings.client_keys,
        state=state,
        open_tracing=lambda: _tracing(settings, worker),
    )


def write_metrics(
    families: Mapping[str, Any], edges: tuple[float, ...], samples: Iterable[Any], accepted: str
) -> tuple[bytes, str]:
    """Write figures as Prometheus reads them."""
    from muster.adapters.telemetry.metrics import written

    return written(families, edges, samples, accepted)


def _tracing(settings: Settings, worker: int) -> Tracing | None:
    if not settings.otlp_endpoint:
        return None
    from muster.adapters.telemetry.tracing import Tracing

    name = f"{settings.gateway_name}#{worker}" if worker else settings.gateway_name
    return Tracing.open(settings.otlp_endpoint, settings.trace_share, name, settings.group)


class _Guards:
    """Opens guards of answers; the lists of names are looked up again every minute, so that a new one counts soon."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lists: Lists | None = None
        self._looked = 0.0

    def __call__(self, rules: AnswerRules) -> tuple[StreamGuard, ...]:
        # Here, because a gateway of tabular models has no use for parsers and lists.
        from muster.guards.output.opening import open_guards

        return open_guards(rules, self._open() if rules.packages is not None else None, now())

    def _open(self) -> Lists:
        from muster.wiring.packages.lists import open_lists

        if self._lists is None or time.monotonic() - self._looked > LISTS_SECONDS:
            self._lists, self._looked = open_lists(self._settings), time.monotonic()
        return self._lists


class _Upstream:
    """Asks providers; what speaks HTTP with them is loaded with the first request."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._real: Upstream | None = None

    def stream(self, provider: str, url: str, body: Mapping[str, Any]) -> AsyncIterator[bytes]:
        """Ask a provider, as the port says."""
        from muster.adapters.upstream import HttpUpstream, keys_of

        if self._real is None:
            self._real = HttpUpstream(keys_of(self._folder))
        return self._real.stream(provider, url, body)


def _sealer(settings: Settings, folder: Path, state: Path, worker: int, cipher: LogCipher | None) -> Sealer | None:
    """Return what signs the log, None where the gateway was given no key for that."""
    if settings.log_key is None:
        return None
    from muster.adapters.arrowlog.sealing import Sealer
    from muster.adapters.logkey import LogKey

    key = LogKey.load(settings.log_key)
    if not worker:
        return Sealer(key, settings.gateway_name, folder, state, now, cipher)
    return Sealer(key, worker_name(settings.gateway_name, worker), folder, worker_state(state, worker), now, cipher)


def state_of(settings: Settings) -> Path:
    """Return the folder in which a gateway keeps what it has seen."""
    return settings.gateway_state or settings.home / "gateway"


def chains_of(settings: Settings) -> list[int]:
    """Return the numbers of the workers that have sealed a chain of the log; 0 is a process that was alone."""
    state = state_of(settings)
    numbers = [int(path.parent.name.rpartition("-")[2]) for path in state.glob(f"worker-[0-9]*/{CHAIN}")]
    return sorted([*numbers, *([0] if (state / CHAIN).exists() else [])])


def worker_state(state: Path, worker: int) -> Path:
    """Return the folder in which one worker keeps what is its own."""
    return state / f"worker-{worker}"


def command(settings: Settings, *, explain: bool = False) -> list[str]:
    """Return the command line that starts a gateway with these settings, in a process of its own."""
    # -P: without it, -m would look for modules in the current folder first, and run whatever is called numpy there.
    line = [sys.executable, "-P", "-m", "muster.gateway"]
    for name in FLAGS:
        value = getattr(settings, name)
        if value not in (None, "", 0, False, ()) or isinstance(value, float):
            line.append(f"--{name.replace('_', '-')}={','.join(value) if isinstance(value, tuple) else value}")
    return [*line, "--explain"] if explain else line


def serve(settings: Settings) -> int:
    """Become a gateway: this process is replaced, so that nothing of the command line stays loaded in it."""
    line = command(settings)
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(line[0], line)  # noqa: S606 - our own interpreter, no shell


def explain(settings: Settings) -> int:
    """Say for each deployment how far the proof comes; 0: all serve, 1: some are refused, 2: could not tell."""
    return subprocess.run(command(settings, explain=True), check=False).returncode  # noqa: S603 - our own interpreter


def now() -> datetime:
    """Return the moment."""
    return datetime.now(UTC)  # noqa: TID251 - here the real clock is bound to its port
