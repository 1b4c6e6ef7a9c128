"""Frames between a gateway and a worker that serves: a length, a kind, and the content; nothing of it is trusted."""

from __future__ import annotations

import os
import select
import struct
import time
from typing import Final

HEAD: Final = struct.Struct("<Qc")
"""Bytes of the content, little-endian, and what it is."""

ROWS: Final = b"Q"
READY: Final = b"I"
FAILED: Final = b"E"
SCORES: Final = b"S"
REFUSED: Final = b"R"

LARGEST: Final = 2**28
"""Bytes of an answer."""

_PIECE: Final = 2**16


def send(pipe: int, kind: bytes, content: bytes, deadline: float) -> None:
    """Write a frame to a pipe that does not block; raise TimeoutError at the deadline, OSError where it is closed."""
    waiting = memoryview(HEAD.pack(len(content), kind) + content)
    while waiting:
        _wait(pipe, select.POLLOUT, deadline)
        try:
            waiting = waiting[os.write(pipe, waiting[:_PIECE]) :]
        except BlockingIOError:
            continue


def receive(pipe: int, deadline: float) -> tuple[bytes, bytes]:
    """Read a frame from a pipe that does not block, as its kind and content.

    Raises
    ------
    TimeoutError
        At the deadline, by ``time.monotonic``.
    OSError
        Where the other side is gone, or says more than an answer can be.
    """
    size, kind = HEAD.unpack(_exactly(pipe, HEAD.size, deadline))
    if size > LARGEST:
        msg = f"the worker announces {size} bytes: its answer is not taken"
        raise OSError(msg)
    return kind, _exactly(pipe, size, deadline)


def _exactly(pipe: int, size: int, deadline: float) -> bytes:
    parts: list[bytes] = []
    while size:
        _wait(pipe, select.POLLIN, deadline)
        try:
            part = os.read(pipe, size)
        except BlockingIOError:
            continue
        if not part:
            msg = "the worker is gone"
            raise OSError(msg)
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _wait(pipe: int, event: int, deadline: float) -> None:
    poll = select.poll()
    poll.register(pipe, event)
    if not poll.poll(max(deadline - time.monotonic(), 0.0) * 1000):
        msg = "the worker did not answer in time"
        raise TimeoutError(msg)
