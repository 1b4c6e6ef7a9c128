"""Executor: a worker process for each task, with files in and out of a folder that it alone uses.

The worker is not trusted once it has loaded a model: what it prints is parsed strictly, stripped of control
characters and bounded; what it writes is taken only as plain files by plain names.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, Final, Literal

import muster
from muster.adapters.sandbox.folders import own_folder
from muster.adapters.sandbox.walls import Limits
from muster.ports.executor import Progress, TaskFailed

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_LONGEST_LINE: Final = 16 * 2**20
_SHOWN: Final = 2000

Isolation = Literal["required", "best-effort"]


class SandboxExecutor:
    """Runs tasks in walled worker processes of this machine; fills ``muster.ports.executor.Executor``.

    Parameters
    ----------
    limits
        What each worker may use up.
    isolation
        ``required`` refuses to run where the network cannot be denied; ``best-effort`` runs, and results say so.
    threads
        Threads of one worker. One is as fast on tables of some ten thousand rows, and does not slow down a
        hundredfold where other processes want the same cores.
    program
        What Python runs in the worker, before the description of its walls.
    workers
        How many run at once; by default one a processor. Further tasks wait: each may take all the memory of its
        limits, and whoever may train could otherwise bring the machine down by asking often.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        isolation: Isolation = "required",
        threads: int = 1,
        program: Sequence[str] = ("-m", "muster.wiring.worker"),
        workers: int = 0,
    ) -> None:
        if isolation not in ("required", "best-effort"):
            msg = f"isolation is 'required' or 'best-effort', not {isolation!r}"
            raise ValueError(msg)
        self._limits = limits or Limits()
        self._isolation = isolation
        self._threads = threads
        self._program = tuple(program)
        self._free = threading.BoundedSemaphore(workers or os.cpu_count() or 1)

    def run(
        self, task: str, arguments: Mapping[str, Any], files: Mapping[str, bytes], progress: Progress
    ) -> tuple[dict[str, Any], dict[str, bytes]]:
        """Run a task; its result also says under ``isolation`` what the worker was kept from.

        Raises
        ------
        ValueError
            Where the name of a file is not plain.
        TaskFailed
            Where the task ended without a result: refused, crashed, out of time or memory.
        """
        with self._turn(progress), own_folder() as folder:
            for name in ("in", "out", "tmp"):
                (folder / name).mkdir()
            for name, content in files.items():
                (folder / "in" / _plain(name)).write_bytes(content)
            result = self._attend(folder, {"task": task, "arguments": arguments}, progress)
            return result, self._collect(folder / "out")

    @contextlib.contextmanager
    def _turn(self, progress: Progress) -> Iterator[None]:
        if not self._free.acquire(blocking=False):
            progress("waiting for another task to end")
            self._free.acquire()
        try:
            yield
        finally:
            self._free.release()

    def _attend(self, folder: Path, request: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
        with (folder / "errors").open("w+b") as errors, self._start(folder, errors) as process:
            late = threading.Event()
            timer = threading.Timer(self._limits.wall_seconds, _stop, (process, late))
            timer.start()
            try:
                result, failure = self._converse(process, request, progress)
                code = process.wait()
            finally:
                timer.cancel()
                _stop(process)
            if late.is_set():
                msg = f"the task took more than {self._limits.wall_seconds:g} s and was stopped"
                raise TaskFailed(msg)
            if failure:
                raise TaskFailed(failure)
            if code != 0 or result is None:
                raise TaskFailed(_why(code, self._limits, errors))
            return result

    def _start(self, folder: Path, errors: IO[bytes]) -> subprocess.Popen[bytes]:
        walls = {
            "package": str(Path(muster.__file__).resolve().parent),
            "folder": str(folder),
            "limits": asdict(self._limits),
            "best_effort": self._isolation == "best-effort",
        }
        return subprocess.Popen(  # noqa: S603 - our own interpreter and program
            [sys.executable, "-I", "-B", *self._program, json.dumps(walls)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            cwd=folder / "tmp",
            env=bare_environment(folder / "tmp", self._threads),
            start_new_session=True,
        )

    def _converse(
        self, process: subprocess.Popen[bytes], request: Mapping[str, Any], progress: Progress
    ) -> tuple[dict[str, Any] | None, str]:
        """Return the result, or none and what the worker said went wrong."""
        if process.stdin is None or process.stdout is None:
            msg = "the worker was started without pipes"
            raise RuntimeError(msg)
        # It may end before it has read; its last words and its exit code then say why.
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(json.dumps(request, allow_nan=False).encode() + b"\n")
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
        isolation: dict[str, Any] = {}
        for message in _messages(process.stdout):
            if "isolation" in message and not isolation:
                isolation = message["isolation"]
            elif "progress" in message:
                progress(_printable(message["progress"]))
            elif "error" in message:
                return None, _printable(message["error"])
            elif isinstance(message.get("result"), dict):
                return {**message["result"], "isolation": isolation}, ""
        return None, ""

    def _collect(self, folder: Path) -> dict[str, bytes]:
        files: dict[str, bytes] = {}
        left = self._limits.file_bytes
        for name in sorted(entry.name for entry in folder.iterdir()):
            try:
                files[name] = _taken(folder / _plain(name), left)
            except (OSError, ValueError) as error:
                msg = f"the task made a file that is not taken: {_printable(error)}"
                raise TaskFailed(msg) from None
            left -= len(files[name])
        return files


def _taken(path: Path, most: int) -> bytes:
    """Read a plain file, and never what a link, a pipe or a device at its name leads to."""
    place = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        facts = os.fstat(place)
        if not stat.S_ISREG(facts.st_mode) or facts.st_nlink != 1 or facts.st_size > most:
            msg = f"{path.name} is no plain file of its own, or larger than the {most} bytes that are left"
            raise ValueError(msg)
        with os.fdopen(place, "rb", closefd=False) as file:
            return file.read(most)
    finally:
        os.close(place)


def bare_environment(folder: Path, threads: int) -> dict[str, str]:
    """Build the worker's environment from nothing: no token, proxy or setting of ours comes along."""
    counts = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), str(threads))
    return {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "ARROW_DEFAULT_MEMORY_POOL": "system",  # others reserve address space that the limit would count
        "LOKY_MAX_CPU_COUNT": str(threads),  # joblib would start a program to count cores
        **counts,
    }


def _plain(name: str) -> str:
    if not _NAME.fullmatch(name):
        msg = f"{name!r} cannot name a file of a task: letters, digits, dot, dash and underscore only"
        raise ValueError(msg)
    return name


def _messages(stream: IO[bytes]) -> Iterator[dict[str, Any]]:
    while line := stream.readline(_LONGEST_LINE):
        try:
            message = json.loads(line, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            message = {"error": "the worker answered with something that is not JSON: its answer is not taken"}
        yield message if isinstance(message, dict) else {"error": "the worker's answer is not a JSON object"}


def _no_constant(name: str) -> float:
    msg = f"{name} is not JSON"
    raise ValueError(msg)


def _printable(text: Any) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in str(text)[:_SHOWN])


def _stop(process: subprocess.Popen[bytes], late: threading.Event | None = None) -> None:
    """Kill the worker if it runs; when late, also whatever it left behind that keeps its pipe open."""
    if late is not None:
        late.set()
    if late is not None or process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _why(code: int, limits: Limits, errors: IO[bytes]) -> str:
    if -code == signal.SIGXCPU:
        return f"the task used up its {limits.cpu_seconds} s of processor time and was stopped"
    if -code == signal.SIGXFSZ:
        return f"the task wrote a file of more than {limits.file_bytes} bytes and was stopped"
    if -code == signal.SIGKILL:
        return "the task was killed from outside, most likely because the machine ran out of memory"
    size = errors.seek(0, os.SEEK_END)
    errors.seek(max(size - 4096, 0))
    words = errors.read().decode(errors="replace").strip().splitlines()
    last = f"; its last words: {_printable(words[-1])[:300]}" if words else ""
    how = f"crashed with {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code} and no result"
    return f"the worker {how}{last}"
