"""Programs that run in a walled worker: each raises the walls as a worker does, then tries what it must not."""

from __future__ import annotations

from muster.adapters.sandbox.executor import SandboxExecutor
from muster.adapters.sandbox.walls import Limits

OPENING = """
import ctypes, json, os, sys
from pathlib import Path
given = json.loads(sys.argv[1])
from muster.adapters.sandbox import landlock, seccomp, walls
def say(**message):
    sys.stdout.write(json.dumps(message) + "\\n")
    sys.stdout.flush()
def raise_walls():
    folder, limits = Path(given["folder"]), walls.Limits(**given["limits"])
    return walls.raise_walls(Path(given["package"]), folder, limits, best_effort=given["best_effort"])
def attempt(act):
    try:
        act()
    except BaseException as error:
        return type(error).__name__
    return "done"
request = json.loads(sys.stdin.readline())
arguments = request["arguments"]
"""


def worker(program: str, limits: Limits | None = None, **options: str | int) -> SandboxExecutor:
    """An executor whose workers run this program after the opening."""
    return SandboxExecutor(limits, program=("-c", OPENING + program), **options)  # type: ignore[arg-type]
