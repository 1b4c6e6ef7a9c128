"""The gateway's ports, bound, and how other processes start one. It binds no ledger and no signer: it has no key."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from muster.ports.blobs import Blobs
from muster.ports.clock import Clock
from muster.ports.keys import Verify
from muster.ports.log import Log
from muster.settings import Settings
from muster.wiring.abroad.alerts import bind_notifier

if TYPE_CHECKING:
    from muster.adapters.onnx import OnnxPredictor
    from muster.adapters.telling.notifier import Telling

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
    "orders_at_least",
    "alert_webhook",
    "webhook_secret",
    "behind_proxy",
    "tls_certificate",
    "tls_key",
)
"""Settings that concern a gateway."""


LARGEST_ARTIFACT = 2**30
"""Bytes of a file of the outbox: it may be anybody's, and must not fill the memory of what serves."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a gateway is made of."""

    outbox: Blobs
    read: Callable[[bytes], OnnxPredictor]
    verify: Verify
    clock: Clock
    open_log: Callable[[], Log]
    open_notifier: Callable[[Callable[[str], None]], Telling]
    """Given what takes lines for the operator."""
    state: Path


def bind(settings: Settings) -> Parts:
    """Bind the ports to what the settings name; raise FileNotFoundError if there is no outbox."""
    from muster.adapters.arrowlog.writer import ArrowLog
    from muster.adapters.blobs import FolderBlobs
    from muster.adapters.onnx import OnnxPredictor
    from muster.adapters.signatures import verify

    state = settings.gateway_state or settings.home / "gateway"
    source = f"/muster/gateway/{settings.group}/{settings.gateway_name}"
    return Parts(
        outbox=FolderBlobs(settings.outbox or settings.home / "outbox", create=False, largest=LARGEST_ARTIFACT),
        read=OnnxPredictor.load,
        verify=verify,
        clock=_now,
        open_log=lambda: ArrowLog(settings.log or settings.home / "log"),
        open_notifier=lambda tell: bind_notifier(settings, state, source, tell),
        state=state,
    )


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
