"""The gateway's ports, bound, and how other processes start one. It binds no ledger and no signer but of its log."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from muster.guards.stream import StreamGuard
from muster.ports.blobs import Blobs
from muster.ports.clock import Clock
from muster.ports.keys import Verify
from muster.ports.log import Log
from muster.ports.upstream import Upstream
from muster.records.language.answers import AnswerRules
from muster.settings import Settings
from muster.wiring.abroad.alerts import bind_notifier

if TYPE_CHECKING:
    from muster.adapters.arrowlog.sealing import Sealer
    from muster.adapters.onnx import OnnxPredictor
    from muster.adapters.sandbox.original import OriginalModel
    from muster.adapters.telling.notifier import Telling
    from muster.columns.packages.names import Lists

FLAGS = (
    "home",
    "gateway_host",
    "gateway_port",
    "expose",
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
    "orders_at_least",
    "alert_webhook",
    "webhook_secret",
    "behind_proxy",
    "tls_certificate",
    "tls_key",
    "packages",
    "provider_keys",
    "client_keys",
)
"""Settings that concern a gateway."""


LISTS_SECONDS = 60.0
"""How long a gateway goes on with the lists of names that it opened."""

LARGEST_ARTIFACT = 2**30
"""Bytes of a file of the outbox: it may be anybody's, and must not fill the memory of what serves."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a gateway is made of."""

    outbox: Blobs
    read: Callable[[bytes], OnnxPredictor | OriginalModel]
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


def bind(settings: Settings) -> Parts:
    """Bind the ports to what the settings name; raise FileNotFoundError if there is no outbox."""
    from muster.adapters.arrowlog.writer import ArrowLog
    from muster.adapters.blobs import FolderBlobs
    from muster.adapters.signatures import verify
    from muster.wiring.carried.ciphers import cipher_of
    from muster.wiring.carried.models import read_model

    state = settings.gateway_state or settings.home / "gateway"
    folder = settings.log or settings.home / "log"
    source = f"/muster/gateway/{settings.group}/{settings.gateway_name}"
    return Parts(
        outbox=FolderBlobs(settings.outbox or settings.home / "outbox", create=False, largest=LARGEST_ARTIFACT),
        read=read_model,
        verify=verify,
        clock=_now,
        open_log=lambda: ArrowLog(
            folder, sealer=_sealer(settings, folder, state), cipher=cipher_of(settings.log_encryption_key)
        ),
        open_notifier=lambda tell: bind_notifier(settings, state, source, tell),
        open_guards=_Guards(settings),
        upstream=_Upstream(settings.provider_keys),
        clients=settings.client_keys,
        state=state,
    )


class _Guards:
    """Opens guards of answers; the lists of names are looked up again every minute, so that a new one counts soon."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lists: Lists | None = None
        self._looked = 0.0

    def __call__(self, rules: AnswerRules) -> tuple[StreamGuard, ...]:
        # Here, because a gateway of tabular models has no use for parsers and lists.
        from muster.guards.output.opening import open_guards

        return open_guards(rules, self._open() if rules.packages is not None else None, _now())

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


def _sealer(settings: Settings, folder: Path, state: Path) -> Sealer | None:
    """Return what signs the log, None where the gateway was given no key for that."""
    if settings.log_key is None:
        return None
    from muster.adapters.arrowlog.sealing import Sealer
    from muster.adapters.logkey import LogKey
    from muster.wiring.carried.ciphers import cipher_of

    key, cipher = LogKey.load(settings.log_key), cipher_of(settings.log_encryption_key)
    return Sealer(key, settings.gateway_name, folder, state, _now, cipher)


def command(settings: Settings, *, explain: bool = False) -> list[str]:
    """Return the command line that starts a gateway with these settings, in a process of its own."""
    # -P: without it, -m would look for modules in the current folder first, and run whatever is called numpy there.
    line = [sys.executable, "-P", "-m", "muster.gateway"]
    for name in FLAGS:
        value = getattr(settings, name)
        if value not in (None, "", 0, False, ()):
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


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - here the real clock is bound to its port
