"""Keeping: how long a kind of data is kept, as somebody has set it."""

from __future__ import annotations

from datetime import datetime, timedelta

from muster.lifecycle.desk.context import Context
from muster.records.access.erasure import Retention


def retention_of(context: Context, data: str) -> Retention | None:
    """Return how long a kind of data is kept, if somebody said."""
    said = context.history(Retention, f"retention:{data}")
    return said[-1][1] if said else None


def locked_until(context: Context, data: str) -> datetime | None:
    """Return until when what is kept from now on may not be removed; None if it may at any time."""
    retention = retention_of(context, data)
    if retention is None or not retention.at_least_days:
        return None
    return context.house.clock() + timedelta(days=retention.at_least_days)
