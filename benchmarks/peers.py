"""Peers: each in an environment of its own, built on first use with pip as configured here, and asked in turns."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

BUILT = Path(".uv") / "peers"


def environment(name: str, packages: str) -> Path:
    """Return the interpreter of a peer's environment; its packages (as pip takes them) are installed on first use."""
    folder = BUILT / name
    python, built = folder / "bin" / "python", folder / ".built"
    if not (built.exists() and built.read_text(encoding="utf-8") == packages):
        print(f"installing {packages} into {folder} (hundreds of MB; once)", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary=:all:"]
        subprocess.run([python, *install, *packages.split()], check=True)
        built.write_text(packages, encoding="utf-8")
    return python


def rounds(python: Path, script: Path, folder: Path, count: int, *, prepares: bool = False) -> Iterator[dict[str, Any]]:
    """Let a peer measure once a step, in a process that has loaded the data before.

    Parameters
    ----------
    script, folder
        What it runs, and where its data is.
    prepares
        Whether its first answer, before any step, says what it made of the data.
    """
    with subprocess.Popen([python, script, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as peer:
        if peer.stdin is None or peer.stdout is None:
            sys.exit("the peer has no pipes")
        if prepares:
            yield json.loads(peer.stdout.readline())
        for _ in range(count):
            peer.stdin.write("go\n")
            peer.stdin.flush()
            yield json.loads(peer.stdout.readline())
        peer.stdin.close()


def cpu(work: Callable[[], object]) -> float:
    """Return the CPU seconds of all threads that a piece of work takes."""
    begun = time.process_time()
    work()
    return time.process_time() - begun
