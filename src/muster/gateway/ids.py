"""Ids of decisions and requests: unique, in the order of time, and not to be guessed."""

from __future__ import annotations

import os
import threading

import numpy as np
from numpy.typing import NDArray

_VARIANT = {digit: "89ab"[int(digit, 16) % 4] for digit in "0123456789abcdef"}
_DIGITS = 20
"""Random hex digits of one id; one of them gives only two bits."""

_HEX = np.frombuffer(b"".join(b"%02x" % byte for byte in range(256)), np.uint16)
"""Two hex digits for every byte."""
_VARIANTS = np.frombuffer(b"89ab", np.uint8)


class Randomness:
    """Random hex digits from the operating system, asked for many at a time: a call to it costs more than a model."""

    def __init__(self, size: int = 8_192) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._digits = ""
        self._place = 0

    def take(self, count: int) -> str:
        """Return so many digits, never the same ones twice."""
        with self._lock:
            start = self._place
            if start + count > len(self._digits):
                self._digits = os.urandom(max(self._size, count)).hex()
                start = 0
            self._place = start + count
            return self._digits[start : start + count]


_RANDOMNESS = Randomness()


def unique_ids(count: int, millis: int) -> list[str]:
    """Return ids in the layout of a UUID version 7 (RFC 9562, section 5.7): the time in milliseconds, then chance."""
    head = f"{millis:012x}"
    prefix = f"{head[:8]}-{head[8:]}-7"
    digits = _RANDOMNESS.take(_DIGITS * count)
    return [
        f"{prefix}{part[:3]}-{_VARIANT[part[3]]}{part[4:7]}-{part[7:19]}"
        for part in (digits[place : place + _DIGITS] for place in range(0, len(digits), _DIGITS))
    ]


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
