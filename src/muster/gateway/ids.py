"""Ids of decisions and requests: unique, in the order of time, and not to be guessed."""

from __future__ import annotations

import os
import threading

_VARIANT = {digit: "89ab"[int(digit, 16) % 4] for digit in "0123456789abcdef"}
_DIGITS = 20
"""Random hex digits of one id; one of them gives only two bits."""


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
