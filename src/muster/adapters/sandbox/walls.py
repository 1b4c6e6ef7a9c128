"""Walls: what a worker process puts around itself before it loads anything, and proof that they stand."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import socket
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from muster.adapters.sandbox import landlock, seccomp

_SYSTEM: Final = (
    *("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/share/zoneinfo", "/etc/ld.so.cache", "/etc/localtime"),
    *("/dev/urandom", "/dev/null", "/sys/devices/system/cpu", "/proc/cpuinfo", "/proc/meminfo", "/proc/self"),
)
_DIE_WITH_PARENT: Final = 1


@dataclass(frozen=True, slots=True)
class Limits:
    """What a worker may use up."""

    memory: int = 8 * 2**30
    """Address space in bytes; Python with its libraries takes about one GiB of it before any data."""
    cpu_seconds: int = 600
    wall_seconds: float = 900.0
    file_bytes: int = 2**30
    """Largest file that it may write, and the most that is read back from it."""


def raise_walls(package: Path, folder: Path, limits: Limits, *, best_effort: bool) -> dict[str, str]:
    """Confine this process for good and return how, by what it is kept from.

    Parameters
    ----------
    package
        Folder of the muster package, whose code the worker reads.
    folder
        The worker's own folder: ``in`` is read, ``out`` and ``tmp`` are written.
    limits
        Memory, processor time and size of files.
    best_effort
        Go on where the network cannot be denied on this machine.

    Raises
    ------
    PermissionError
        Where the network cannot be denied and ``best_effort`` is not set, or where a wall does not hold.
    """
    _limit(limits)
    library = {Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    library |= {Path(sys.base_prefix) / "lib", package, folder / "in"}
    read = [*map(Path, _SYSTEM), *library]
    version = landlock.confine(read, [Path(entry) for entry in sys.path if entry], [folder / "out", folder / "tmp"])
    seccomp.drop_rights()
    filtered = seccomp.confine()
    if not filtered and not best_effort:
        msg = (
            "this machine cannot keep a worker from the network (seccomp on Linux x86_64 or aarch64 is missing), so no "
            "model is loaded. Set isolation to best-effort to run without that wall; results will say so"
        )
        raise PermissionError(msg)
    _prove(files=version > 0, network=filtered)
    return {
        "network": "denied by seccomp" if filtered else "not denied",
        "files": f"denied by landlock {version}" if version else "not denied: this kernel has no landlock",
        "processes": "denied by seccomp" if filtered else "not denied",
        "memory": f"{limits.memory} bytes of address space",
        "cpu": f"{limits.cpu_seconds} s",
    }


def _limit(limits: Limits) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, ctypes.c_ulong(signal.SIGKILL))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 5))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.file_bytes, limits.file_bytes))


def _prove(*, files: bool, network: bool) -> None:
    if network:
        try:
            socket.socket().close()
        except PermissionError:
            pass
        else:
            msg = "the worker could open a socket although the network is denied to it: it stops here"
            raise PermissionError(msg)
    if files:
        try:
            os.close(os.open("/", os.O_RDONLY))
        except PermissionError:
            return
        msg = "the worker could list the root folder although files are denied to it: it stops here"
        raise PermissionError(msg)
