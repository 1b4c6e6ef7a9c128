"""Attempts: how often one address, one account and one identity may ask; kept in memory, and never for ever."""

from __future__ import annotations

import ipaddress
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

from muster.rules.entrance.throttle import Bucket, Rate, delay, take

V = TypeVar("V")

REMEMBERED = 10_000
"""Addresses and accounts that are kept in mind; of more, those that asked longest ago are forgotten."""

ADDRESS = Rate(burst=60, per_second=1)
"""Attempts to come in from one address, behind which there may be a whole office."""

ACCOUNT = Rate(burst=10, per_second=10 / 60)
"""Attempts on one account from addresses where nobody has signed in to it yet."""


class Attempts:
    """What was tried lately.

    Parameters
    ----------
    requests_per_minute
        How often one identity may ask; 0: as often as it likes.
    clock
        Seconds that only go up.
    """

    def __init__(self, requests_per_minute: int, clock: Callable[[], float]) -> None:
        self._rate = Rate(max(1.0, requests_per_minute / 6), requests_per_minute / 60) if requests_per_minute else None
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: Remembered[Bucket] = Remembered()
        self._failures: Remembered[tuple[int, float]] = Remembered()
        self._home: Remembered[bool] = Remembered()

    def wait(self, address: str, account: str = "") -> float:
        """Take one attempt to come in; return the seconds to wait instead, 0 where it may go on.

        Delays that grow are kept by address and account together, so that nobody who fails somewhere else can keep a
        person out; and where a person has signed in before, attempts of others on their account do not count.
        """
        with self._lock:
            now, place = self._clock(), place_of(address)
            failures, until = self._failures.get((place, account)) or (0, 0.0)
            if account and failures and now < until:
                return until - now
            waits = [self._take(ADDRESS, ("address", place), now)]
            if account and not self._home.get((place, account)):
                waits.append(self._take(ACCOUNT, ("account", account), now))
            return max(waits)

    def failed(self, address: str, account: str) -> None:
        """Note that somebody was refused: the next attempt on this account from there waits longer."""
        with self._lock:
            key = (place_of(address), account)
            failures = (self._failures.get(key) or (0, 0.0))[0] + 1
            self._failures.put(key, (failures, self._clock() + delay(failures)))

    def succeeded(self, address: str, account: str) -> None:
        """Note that somebody came in: what went wrong before is forgiven, and the address is known for them."""
        with self._lock:
            key = (place_of(address), account)
            self._failures.drop(key)
            self._home.put(key, value=True)

    def request(self, identity: str) -> float:
        """Take one request of somebody known; return the seconds to wait instead, 0 where it may go on."""
        if self._rate is None:
            return 0.0
        with self._lock:
            return self._take(self._rate, ("identity", identity), self._clock())

    def _take(self, rate: Rate, key: tuple[str, str], now: float) -> float:
        bucket, wait = take(rate, self._buckets.get(key), now)
        self._buckets.put(key, bucket)
        return wait


class Remembered(Generic[V]):
    """A mapping that forgets what was used longest ago."""

    def __init__(self, most: int = REMEMBERED) -> None:
        self._kept: OrderedDict[tuple[str, str], V] = OrderedDict()
        self._most = most

    def get(self, key: tuple[str, str]) -> V | None:
        """Return what is kept under a key."""
        return self._kept.get(key)

    def put(self, key: tuple[str, str], value: V) -> None:
        """Keep a value, and forget the oldest if there are too many."""
        self._kept[key] = value
        self._kept.move_to_end(key)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def drop(self, key: tuple[str, str]) -> None:
        """Forget a key."""
        self._kept.pop(key, None)


def place_of(address: str) -> str:
    """Return what stands for an address: of IPv6 its first 64 bits, which belong to one customer."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 6:
        return str(ipaddress.ip_network((found, 64), strict=False).network_address)
    return str(found)
