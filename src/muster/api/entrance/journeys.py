"""Journeys: sign-ins that are under way at the identity provider, and codes for the command line; each is used once."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

from muster.lifecycle.entrance.seals import secret_digest

V = TypeVar("V")

MOST = 1_000
"""Kept at once; of more, the oldest are forgotten."""


class Once(Generic[V]):
    """Things that are left under a secret and taken once, within some seconds."""

    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[float, V]] = OrderedDict()

    def leave(self, thing: V, secret: str = "") -> str:
        """Leave a thing; return the secret, a new one if none is given."""
        secret = secret or secrets.token_urlsafe(32)
        with self._lock:
            self._kept[secret_digest(secret)] = (self._clock() + self._seconds, thing)
            if len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return secret

    def take(self, secret: str) -> V | None:
        """Return what was left under a secret, which is gone by that; None if there is nothing, or too late."""
        with self._lock:
            until, thing = self._kept.pop(secret_digest(secret), (0.0, None))
        return thing if self._clock() < until else None
