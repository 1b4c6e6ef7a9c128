"""A worker that serves is watched: it may crash, hang or say nonsense, and nobody waits for it without end."""

from __future__ import annotations

import time

import pytest

from muster.adapters.sandbox.frames import SCORES
from muster.adapters.sandbox.serving import Patience, ServingWorker
from muster.adapters.sandbox.walls import Limits

FRAMES = """
import os, struct, sys, time
def read():
    head = sys.stdin.buffer.read(9)
    if len(head) < 9: sys.exit(0)
    return sys.stdin.buffer.read(struct.unpack("<Qc", head)[0])
def say(kind, content):
    sys.stdout.buffer.write(struct.pack("<Qc", len(content), kind) + content); sys.stdout.buffer.flush()
content = read()
"""
ECHO = (
    FRAMES
    + """
say(b"I", b"{}")
while True:
    asked = read()
    if asked == b"crash": os._exit(3)
    if asked == b"hang": time.sleep(60)
    say(b"S", content + asked + str(os.getpid()).encode())
"""
)
LIMITED = (
    "import json, pathlib\n"
    "from muster.adapters.sandbox.walls import Limits, raise_walls\n"
    + FRAMES
    + """
given = json.loads(sys.argv[1])
raise_walls(pathlib.Path(given["package"]), pathlib.Path(given["folder"]), Limits(**given["limits"]), best_effort=True)
say(b"I", b"{}")
while True:
    asked = read()
    say(b"S", bytearray(int(asked))[:1])
"""
)
SHORT = Patience(start=20.0, answer=1.0, pause=0.05)


def _started(program: str) -> ServingWorker:
    return ServingWorker(b"model:", program=("-c", program), patience=SHORT)


def _until_it_answers(worker: ServingWorker, asked: bytes = b"x") -> bytes:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            return worker.ask(asked)[1]
        except OSError:
            time.sleep(0.02)
    pytest.fail("the worker never came back")


def test_it_is_given_the_model_once_and_answers_from_then_on() -> None:
    worker = _started(ECHO)
    kind, first = worker.ask(b"x")
    assert (kind, first[:7]) == (SCORES, b"model:x")
    assert worker.ask(b"x") == (kind, first)
    worker.close()
    with pytest.raises(OSError, match="started again"):
        worker.ask(b"x")


@pytest.mark.parametrize("act", [b"crash", b"hang"])
def test_one_that_crashes_or_hangs_is_started_again(act: bytes) -> None:
    worker = _started(ECHO)
    before = _until_it_answers(worker)
    assert (worker.restarts, worker.up) == (0, True)
    with pytest.raises(OSError, match="is gone|in time"):
        worker.ask(act)
    assert _until_it_answers(worker) != before
    assert (worker.restarts, worker.up) == (1, True)
    worker.close()
    assert not worker.up


@pytest.mark.parametrize(
    ("program", "why"),
    [
        (FRAMES + 'say(b"E", b"PermissionError: it names\\nos.system")', "PermissionError: it names os.system"),
        (FRAMES + 'say(b"X", b"")', "answers something unknown"),
        ("raise SystemExit(1)", "is gone|Broken pipe"),
    ],
)
def test_one_that_does_not_take_the_model_says_why(program: str, why: str) -> None:
    with pytest.raises(OSError, match=why):
        _started(program)


def test_one_that_asks_for_more_memory_than_it_may_have_ends_and_is_started_again() -> None:
    limits = Limits(memory=2**29, cpu_seconds=600, file_bytes=2**20)
    worker = ServingWorker(b"model:", program=("-c", LIMITED), limits=limits, patience=SHORT)
    assert worker.ask(b"1000000")[1] == b"\0"
    with pytest.raises(OSError, match="is gone"):
        worker.ask(b"1000000000")
    assert _until_it_answers(worker, b"1000000") == b"\0"
    worker.close()
