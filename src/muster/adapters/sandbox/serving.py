"""Serving worker: one walled process that holds one model and scores rows, watched, timed and started again.

A thread of its own starts the process, hands it the very bytes that were hashed, and speaks to it; the process dies
with that thread's process. One request is under way at a time. While the process is down, requests are turned away at
once: they are not kept waiting for a model that may never come back.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

import muster
from muster.adapters.sandbox.executor import Isolation, bare_environment
from muster.adapters.sandbox.folders import own_folder
from muster.adapters.sandbox.frames import FAILED, READY, ROWS, receive, send
from muster.adapters.sandbox.walls import Limits

PROGRAM: Final = ("-m", "muster.wiring.inside.answering")
LIMITS: Final = Limits(memory=4 * 2**30, cpu_seconds=2**31 - 16, file_bytes=2**20)
"""A worker that serves lives long: it may use the processor for ever, and has nothing to write."""

_LONGEST_PAUSE: Final = 60.0


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited for a worker, in seconds."""

    start: float = 120.0
    answer: float = 30.0
    pause: float = 1.0
    """Before it is started again; twice as long each time, until it answers."""


@dataclass(frozen=True, slots=True)
class _Job:
    content: bytes
    deadline: float
    answer: Future[tuple[bytes, bytes]]


@dataclass(slots=True)
class _State:
    """What the thread and its owner share."""

    content: bytes
    program: Sequence[str]
    limits: Limits
    isolation: Isolation
    patience: Patience
    jobs: queue.SimpleQueue[_Job | None] = field(default_factory=queue.SimpleQueue)
    begun: Future[Mapping[str, str]] = field(default_factory=Future)
    ready: bool = False
    restarts: int = 0


class ServingWorker:
    """A worker that holds one model. Nothing is written here that it says, but what the caller asked for.

    Parameters
    ----------
    content
        The container, whose digest was verified.
    program
        What Python runs, before the description of its walls.
    isolation
        As for ``SandboxExecutor``.

    Raises
    ------
    OSError
        Where the worker cannot be started, or does not take the model, with why.
    """

    def __init__(
        self,
        content: bytes,
        *,
        program: Sequence[str] = PROGRAM,
        limits: Limits = LIMITS,
        isolation: Isolation = "required",
        patience: Patience | None = None,
    ) -> None:
        self._state = _State(content, tuple(program), limits, isolation, patience or Patience())
        self._thread = threading.Thread(target=_run, args=(self._state,), name="muster-model", daemon=True)
        self._thread.start()
        self._end = weakref.finalize(self, self._state.jobs.put, None)
        try:
            self.walls: Final = self._state.begun.result()
        except Exception as error:  # noqa: BLE001 - whatever kept it from starting is why it does not serve
            self._end()
            msg = f"the model's own library does not take it up: {error}"
            raise OSError(msg) from None

    def ask(self, content: bytes) -> tuple[bytes, bytes]:
        """Send a frame of rows and return the answer's kind and content.

        Raises
        ------
        OSError
            Where the worker is down, hangs (it is then killed and started again) or has no time for this one.
        """
        state = self._state
        if not state.ready:
            msg = "the worker of the model is being started again"
            raise OSError(msg)
        answer: Future[tuple[bytes, bytes]] = Future()
        state.jobs.put(_Job(content, time.monotonic() + state.patience.answer, answer))
        return answer.result(state.patience.answer + 5.0)  # a time-out is an OSError, too

    @property
    def restarts(self) -> int:
        """How often it was started again."""
        return self._state.restarts

    @property
    def up(self) -> bool:
        """Whether it takes rows now."""
        return self._state.ready

    def close(self) -> None:
        """End the worker and wait until it is gone."""
        self._end()
        self._thread.join()


def _run(state: _State) -> None:
    pause = state.patience.pause
    with own_folder() as folder:
        for name in ("in", "out", "tmp"):
            (folder / name).mkdir()
        while True:
            answered, ended = _live(state, folder)
            if ended or not state.begun.done() or state.begun.exception() is not None:
                return
            pause = state.patience.pause if answered else min(pause * 2, _LONGEST_PAUSE)
            if _rest(state, pause):
                return
            state.restarts += 1


def _live(state: _State, folder: Path) -> tuple[bool, bool]:
    """Start a worker and speak to it until it ends; return whether it answered, and whether that was the end."""
    answered = False
    try:
        with _started(state, folder) as (into, out):
            state.ready = True
            while (job := state.jobs.get()) is not None:
                _exchange(job, into, out)
                answered = True
            return answered, True
    except Exception as error:  # noqa: BLE001 - it is started again whatever ended it; the first time that is the answer
        if not state.begun.done():
            state.begun.set_exception(error)
        return answered, False
    finally:
        state.ready = False


def _exchange(job: _Job, into: int, out: int) -> None:
    """Pass a job on; raise OSError, which ends the worker, where it is gone or hangs."""
    if job.deadline < time.monotonic():
        job.answer.set_exception(OSError("too many requests wait for the worker of the model"))
        return
    try:
        send(into, ROWS, job.content, job.deadline)
        job.answer.set_result(receive(out, job.deadline))
    except OSError as error:
        job.answer.set_exception(OSError(f"the worker of the model: {error}"))
        raise


def _rest(state: _State, seconds: float) -> bool:
    """Wait, turning requests away; return whether the end came."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        with contextlib.suppress(queue.Empty):
            job = state.jobs.get(timeout=left)
            if job is None:
                return True
            job.answer.set_exception(OSError("the worker of the model is being started again"))
    return False


@contextlib.contextmanager
def _started(state: _State, folder: Path) -> Iterator[tuple[int, int]]:
    """Start a worker, give it the model, and yield its pipes; kill it at the end."""
    walls = {
        "package": str(Path(muster.__file__).resolve().parent),
        "folder": str(folder),
        "limits": asdict(state.limits),
        "best_effort": state.isolation == "best-effort",
    }
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and program
        [sys.executable, "-I", "-B", *state.program, json.dumps(walls)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a model may print rows, which belong into no log
        cwd=folder / "tmp",
        env=bare_environment(folder / "tmp", 1),
        start_new_session=True,
    )
    try:
        if process.stdin is None or process.stdout is None:
            msg = "the worker was started without pipes"
            raise RuntimeError(msg)
        into, out = process.stdin.fileno(), process.stdout.fileno()
        os.set_blocking(into, False)
        os.set_blocking(out, False)
        deadline = time.monotonic() + state.patience.start
        send(into, ROWS, state.content, deadline)
        kind, content = receive(out, deadline)
        if kind != READY:
            words = content.decode(errors="replace") if kind == FAILED else "it answers something unknown"
            raise ValueError("".join(letter if letter.isprintable() else " " for letter in words[:500]))
        if not state.begun.done():
            state.begun.set_result(json.loads(content))
        yield into, out
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                pipe.close()  # type: ignore[union-attr]
