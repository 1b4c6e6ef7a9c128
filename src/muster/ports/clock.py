"""Clock: the present moment, so that tests can set it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

Clock = Callable[[], datetime]
"""Returns now, with time zone UTC."""
