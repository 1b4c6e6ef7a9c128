"""Throttle: how often somebody may try, by token buckets and by delays that grow and end."""

from __future__ import annotations

from dataclasses import dataclass

FREE = 3
"""Failures that cost nothing: people mistype."""

LONGEST_DELAY = 900.0
"""Seconds that a delay grows to; nobody is locked out for ever, whoever it was that failed."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once, and so many a second for as long as one likes."""

    burst: float
    per_second: float


@dataclass(frozen=True, slots=True)
class Bucket:
    """What is left of a burst, and since when it fills again (seconds of a clock that only goes up)."""

    level: float
    at: float


def take(rate: Rate, bucket: Bucket | None, now: float) -> tuple[Bucket, float]:
    """Take one out of a bucket.

    Parameters
    ----------
    rate
        How large it is and how fast it fills.
    bucket
        As it was left; None: full.
    now
        Seconds.

    Returns
    -------
    tuple
        The bucket afterwards, and the seconds to wait until one more can be had; 0 where one was taken.
    """
    kept = bucket or Bucket(rate.burst, now)
    level = min(rate.burst, kept.level + max(0.0, now - kept.at) * rate.per_second)
    if level >= 1:
        return Bucket(level - 1, now), 0.0
    return Bucket(level, now), (1 - level) / rate.per_second


def delay(failures: int) -> float:
    """Return for how many seconds after that many failures in a row the next attempt is not even looked at."""
    return 0.0 if failures < FREE else min(LONGEST_DELAY, 2.0 ** min(failures - FREE, 30))
