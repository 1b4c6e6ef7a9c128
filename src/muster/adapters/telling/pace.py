"""Pace: the same alert once an hour, and never so many of one sort that they would fill what others must fit into."""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict, deque
from dataclasses import dataclass, field

from muster.records.access.alert import Alert

AGAIN_S = 3600.0
"""The same alert about the same thing is not told again before."""

MOST = 12
"""Alerts of one sort told within that time; what comes on top is counted only."""

REMEMBERED = 1_000
"""Different alerts of which the time is remembered."""


State = tuple[list[tuple[str, str, float, int]], dict[str, list[float]], dict[str, int]]
"""What was told (sort, about what, when, repeats since), when by sort, and how many of a sort were held back."""


@dataclass(slots=True)
class Pace:
    """What was told, and when; not for several threads at once."""

    _told: OrderedDict[tuple[str, str], tuple[float, int]] = field(default_factory=OrderedDict)
    _times: defaultdict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _held: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, state: State) -> Pace:
        """Go on from what :meth:`state` gave."""
        told, times, held = state
        pace = cls(
            OrderedDict(((what, about), (at, repeats)) for what, about, at, repeats in told), _held=Counter(held)
        )
        pace._times.update((what, deque(found)) for what, found in times.items())
        return pace

    def state(self) -> State:
        """Return what was told, as plain values."""
        told = [(*key, *said) for key, said in self._told.items()]
        return told, {what: list(times) for what, times in self._times.items()}, dict(self._held)

    def take(self, alert: Alert, now: float) -> str | None:
        """Return what to add to an alert's words if it is to be told at ``now`` (seconds), or None if it is not."""
        key = alert.what, alert.about
        at, repeats = self._told.get(key, (None, 0))
        if at is not None and now - at < AGAIN_S:
            self._told[key] = at, repeats + 1
            return None
        times = self._times[alert.what]
        while times and now - times[0] >= AGAIN_S:
            times.popleft()
        if len(times) >= MOST:
            self._held[alert.what] += 1
            return None
        times.append(now)
        self._told[key] = now, 0
        self._told.move_to_end(key)
        if len(self._told) > REMEMBERED:
            self._told.popitem(last=False)
        held = self._held.pop(alert.what, 0)
        said = [f"noticed {repeats} more times since it was last told"] if repeats else []
        said += [f"{held} more of its sort were not told: {MOST} an hour are"] if held else []
        return f" ({'; '.join(said)})" if said else ""
