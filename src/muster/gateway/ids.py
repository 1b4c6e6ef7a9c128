"""Ids of decisions and requests: unique, in the order of time, and not to be guessed."""

from __future__ import annotations

import os
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

_DIGITS = 20
"""Random hex digits of one id; one of them gives only two bits."""

_TIMED = 15
"""Characters of an id up to the version of its layout, which is one of them."""
_TAIL = 36 - _TIMED

_HEX = np.frombuffer(b"".join(b"%02x" % byte for byte in range(256)), np.uint16)
"""Two hex digits for every byte."""
_VARIANTS = np.frombuffer(b"89ab", np.uint8)


class Tails:
    """What follows the time in ids, made many at a time: one by one, it would cost more than a model."""

    def __init__(self, size: int = 512) -> None:
        self._size = size
        self._made: list[str] = []

    def take(self, count: int) -> list[str]:
        """Return as many, never the same one twice; any thread may ask, for each is taken out in one step."""
        made = self._made
        taken: list[str] = []
        while len(taken) < count:
            try:
                taken.append(made.pop())
            except IndexError:
                made.extend(_tails(max(self._size, count)))
        return taken


def _tails(count: int) -> list[str]:
    text = many_ids(count, 0)[:, _TIMED:].tobytes().decode("ascii")
    return [text[place : place + _TAIL] for place in range(0, len(text), _TAIL)]


_TAILS = Tails()


def unique_ids(count: int, millis: int) -> list[str]:
    """Return ids in the layout of a UUID version 7 (RFC 9562, section 5.7): the time in milliseconds, then chance."""
    prefix = _prefix(millis)
    return [prefix + tail for tail in _TAILS.take(count)]


@lru_cache(64)  # a millisecond may see many requests
def _prefix(millis: int) -> str:
    head = f"{millis:012x}"
    return f"{head[:8]}-{head[8:]}-7"


def many_ids(count: int, millis: int) -> NDArray[np.uint8]:
    """Return as many ids of the same layout as text in bytes, shape (count, 36): for files, whose rows are many."""
    ids = np.empty((count, 36), np.uint8)
    ids[:] = np.frombuffer(
        f"{millis:012x}"[:8].encode() + b"-" + f"{millis:012x}"[8:].encode() + b"-7" + b" " * 21, np.uint8
    )
    chance = np.frombuffer(os.urandom(count * _DIGITS // 2), np.uint8).reshape(count, _DIGITS // 2)
    digits = _HEX[chance].view(np.uint8)
    ids[:, 15:18], ids[:, 20:23], ids[:, 24:] = digits[:, :3], digits[:, 4:7], digits[:, 7:19]
    ids[:, 18] = ids[:, 23] = ord("-")
    ids[:, 19] = _VARIANTS[chance[:, 1] & 3]
    return ids
