"""Load on a server: wrk on a core of its own, and what the server's processes took for it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SERVER_CORE, CLIENT_CORE = "0", "1"
MARK = "BENCH_SERVER_NAME"
"""Variable that every process of a server inherits, daemons included: by it they are found."""
PATIENCE_S = 180.0
_TICK = os.sysconf("SC_CLK_TCK")
_UNIT = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}
_POST = """
wrk.method = "POST"
local file = io.open(os.getenv("BODY"), "rb"); wrk.body = file:read("*all"); file:close()
wrk.headers["Content-Type"] = "application/json"
"""


@dataclass(frozen=True)
class Door:
    """Where a server answers: its address, and a body for one row and for many."""

    url: str
    bodies: Mapping[int, bytes]


@dataclass(frozen=True)
class Run:
    """What one load brought: processor time a request in microseconds, requests a second, latencies in ms."""

    cpu_us: float
    rate: float
    p50: float
    p99: float


@dataclass
class Server:
    """A running server."""

    name: str
    door: Door
    process: subprocess.Popen[bytes]

    def pids(self) -> list[int]:
        """Return its processes that live now."""
        return [int(entry.name) for entry in Path("/proc").glob("[0-9]*") if _marked(entry, self.name)]

    def cpu_s(self) -> float:
        """Return the processor time of all of them, of children that ended too."""
        return sum(map(_cpu_s, self.pids()))

    def memory_mib(self) -> float:
        """Return their proportional set size: what is shared counts once."""
        return sum(map(_pss_kib, self.pids())) / 1024


@contextmanager
def started(name: str, command: Sequence[str | Path], door: Door, log: Path, **environment: str) -> Iterator[Server]:
    """Run a server on its core while the block runs; wait until it answers a row with 200."""
    told = {**os.environ, **environment, MARK: name, "OMP_NUM_THREADS": "1"}
    with log.open("wb") as file:
        process = subprocess.Popen(["taskset", "-c", SERVER_CORE, *command], stdout=file, stderr=file, env=told)
    server = Server(name, door, process)
    try:
        _await(server, log)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
        for pid in server.pids():
            with _gone():
                os.kill(pid, 9)


def answer(server: Server) -> bytes:
    """Return what a server answers to one row."""
    asked = urllib.request.Request(
        server.door.url, server.door.bodies[1], {"Content-Type": "application/json"}, method="POST"
    )
    with urllib.request.urlopen(asked, timeout=10) as found:
        body: bytes = found.read()
    return body


def load(server: Server, rows: int, connections: int, seconds: float) -> Run:
    """Ask for so many seconds; exit where anything but 200 came back: then it is not the same work."""
    with tempfile.TemporaryDirectory() as folder:
        script, body = Path(folder) / "post.lua", Path(folder) / "body"
        script.write_text(_POST, encoding="utf-8")
        body.write_bytes(server.door.bodies[rows])
        line = ["taskset", "-c", CLIENT_CORE, "wrk", "-t1", f"-c{connections}", f"-d{seconds:g}s", "--latency"]
        line += ["--timeout", "20s", "-s", str(script), server.door.url]
        before = server.cpu_s()
        said = subprocess.run(line, env={**os.environ, "BODY": str(body)}, capture_output=True, text=True, check=True)
        spent = server.cpu_s() - before
    if bad := re.search(r"Non-2xx.*|Socket errors.*", said.stdout):
        sys.exit(f"{server.name}, {rows} rows, {connections} connections: {bad.group()}")
    count = int(re.search(r"(\d+) requests in", said.stdout)[1])  # type: ignore[index]
    return Run(spent / max(count, 1) * 1e6, count / seconds, _latency(said.stdout, 50), _latency(said.stdout, 99))


def require_wrk() -> None:
    """Exit where the tools or the cores are missing."""
    if missing := [tool for tool in ("wrk", "taskset") if shutil.which(tool) is None]:
        sys.exit(f"needs {' and '.join(missing)}: on Debian or Ubuntu, apt-get install wrk util-linux")
    if len(os.sched_getaffinity(0)) < 2:
        sys.exit("needs two cores: one for the server, one for the client")


def _latency(said: str, percent: int) -> float:
    value, unit = re.search(rf"{percent}%\s+([\d.]+)(us|ms|s|m)", said).groups()  # type: ignore[union-attr]
    return float(value) * _UNIT[unit]


def _await(server: Server, log: Path) -> None:
    until = time.monotonic() + PATIENCE_S
    said = "no answer"
    while time.monotonic() < until and server.process.poll() is None:
        try:
            answer(server)
            return
        except urllib.error.HTTPError as error:
            said = f"{error.code} {error.read()[:400]!r}"
        except OSError as error:
            said = str(error)
        time.sleep(0.3)
    tail = "\n".join(log.read_text(errors="replace").splitlines()[-8:])
    sys.exit(f"{server.name} did not come up: {said}\n{tail}")


def _marked(entry: Path, name: str) -> bool:
    with _gone():
        return f"{MARK}={name}\0".encode() in (entry / "environ").read_bytes()
    return False


def _cpu_s(pid: int) -> float:
    with _gone():
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / _TICK
    return 0.0


def _pss_kib(pid: int) -> int:
    with _gone():
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return 0


@contextmanager
def _gone() -> Iterator[None]:
    """Pass over a process that has ended meanwhile."""
    try:
        yield
    except (OSError, StopIteration):
        return
