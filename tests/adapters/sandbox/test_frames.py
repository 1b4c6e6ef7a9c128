"""Frames come back whole, and nobody waits longer than was agreed."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest

from muster.adapters.sandbox.frames import HEAD, LARGEST, ROWS, SCORES, receive, send


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """Both ends of a pipe that does not block."""
    ends = os.pipe2(os.O_NONBLOCK)
    yield ends
    for end in ends:
        os.close(end)


def test_a_frame_comes_back(pipe: tuple[int, int]) -> None:
    out, into = pipe
    send(into, ROWS, b"rows", time.monotonic() + 5)
    assert receive(out, time.monotonic() + 5) == (ROWS, b"rows")


def test_neither_side_waits_for_ever(pipe: tuple[int, int]) -> None:
    out, into = pipe
    with pytest.raises(TimeoutError, match="did not answer in time"):
        receive(out, time.monotonic() + 0.01)
    with pytest.raises(TimeoutError):
        send(into, ROWS, bytes(2**21), time.monotonic() + 0.05)


def test_an_answer_larger_than_answers_are_is_not_read(pipe: tuple[int, int]) -> None:
    out, into = pipe
    os.write(into, HEAD.pack(LARGEST + 1, SCORES))
    with pytest.raises(OSError, match="is not taken"):
        receive(out, time.monotonic() + 5)


def test_a_worker_that_is_gone_is_noticed() -> None:
    out, into = os.pipe2(os.O_NONBLOCK)
    os.close(into)
    with pytest.raises(OSError, match="is gone"):
        receive(out, time.monotonic() + 5)
    os.close(out)
