"""Processes: the control plane and the gateway, started as users start them, and always stopped."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

PATIENCE = 90.0
"""Seconds that a process may take until it answers."""


@dataclass(slots=True)
class Processes:
    """Child processes of the demo, with their output in files."""

    logs: Path
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, words: list[str], ready: str, environment: Mapping[str, str] | None = None) -> None:
        """Start ``muster`` with these words, and wait until it answers at ``ready``; raise RuntimeError as `begin`."""
        self.begin(name, [sys.executable, "-P", "-m", "muster.cli.main", *words], ready, environment)

    def begin(self, name: str, line: list[str], ready: str, environment: Mapping[str, str] | None = None) -> None:
        """Start a command line, and wait until it answers at ``ready``.

        Raises
        ------
        RuntimeError
            If it ends, or does not answer in time, with the last lines that it wrote.
        """
        path = self.logs / f"{name}.log"
        with path.open("wb") as log:
            self.running[name] = subprocess.Popen(  # noqa: S603 - our own interpreter, no shell
                line,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(environment or {})},
            )
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.running[name].poll() is None:
            if _answers(ready):
                return
            time.sleep(0.1)
        tail = "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-8:])
        msg = f"the {name} did not come up; it wrote to {path}:\n{tail}"
        raise RuntimeError(msg)

    def stop(self, name: str) -> None:
        """Ask a process to finish its work and end, and wait for it."""
        process = self.running.pop(name, None)
        if process is None:
            return
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def stop_all(self) -> None:
        """End whatever still runs."""
        for name in list(self.running):
            self.stop(name)


def run(words: list[str], environment: Mapping[str, str] | None = None) -> tuple[int, str]:
    """Run ``muster`` once; return its exit code and all that it printed."""
    done = subprocess.run(  # noqa: S603 - our own interpreter, no shell
        [sys.executable, "-P", "-m", "muster.cli.main", *words],
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env={**os.environ, **(environment or {})},
    )
    return done.returncode, done.stdout + done.stderr


def free_port() -> int:
    """Return a port on this machine that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _answers(url: str) -> bool:
    try:
        return httpx2.get(url, timeout=2, trust_env=False).status_code < 500
    except httpx2.TransportError:
        return False
