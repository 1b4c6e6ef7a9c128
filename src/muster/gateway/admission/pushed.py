"""Pushed: orders that somebody sends are a reason to look at the outbox now, and nothing more.

Anybody may send them, for they prove themselves: only what an orders key has signed, for this group and with a higher
number than any before, makes the gateway look. What it follows then is what lies in the outbox, held against what it
has seen, as at every poll. So sending again is harmless, and a flood costs one look at most; polling goes on meanwhile.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

LARGEST = 512 * 2**10
"""Bytes of pushed orders; those of a hundred deployments have less than 64 KiB."""

BURST = 5.0
"""Pushed orders that are read at once, and then one a second."""


@dataclass(slots=True)
class Pushed:
    """Judges pushed orders, at a bounded pace.

    Parameters
    ----------
    newer
        Tells whether the text is newer orders, signed.
    ticks
        Seconds of a clock that only runs on.
    """

    newer: Callable[[str], bool]
    ticks: Callable[[], float] = time.monotonic
    _left: float = BURST
    _at: float = 0.0

    def allows(self) -> bool:
        """Tell whether one more may be read now, and count it."""
        now = self.ticks()
        self._left = min(BURST, self._left + (now - self._at if self._at else 0.0))
        self._at = now
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True

    def judge(self, body: bytes) -> bool:
        """Tell whether a body is a reason to look; takes a millisecond or so, and never raises."""
        try:
            return self.newer(body.decode())
        except (ValueError, PermissionError):
            return False
