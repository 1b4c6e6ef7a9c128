"""Counts: how many requests a deployment answered, and how long that took; cheap enough for every request."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Counts:
    """Of one version in one deployment, since this process began to serve it."""

    rows: int = 0
    """Decided."""
    answered: int = 0
    """Requests."""
    answered_ns: int = 0
    failed: int = 0
    """Requests that were refused, or could not be answered."""
    failed_ns: int = 0
    last_ms: int = 0
    """When the last one was answered, in milliseconds since 1970."""
