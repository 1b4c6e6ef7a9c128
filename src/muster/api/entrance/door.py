"""Door: all that the way in works with, bound once for one process."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import anyio
from anyio import to_thread

from muster.api.entrance.attempts import Attempts
from muster.api.entrance.journeys import Once
from muster.api.entrance.site import Site
from muster.lifecycle.desk.context import House
from muster.lifecycle.entrance.refusals import Refusals
from muster.lifecycle.entrance.ways import Ways
from muster.ports.directory import Journey
from muster.records.access.credentials import SignInBy
from muster.records.people import Role

JOURNEY_SECONDS = 600
"""How long somebody may take at the identity provider."""

CODE_SECONDS = 300
"""How long a code for the command line is good for."""

SLOW = 4
"""Passwords looked at side by side, each in a thread of its own kind: the other threads go on answering."""

WAITING = 40
"""Passwords that may wait for that; more are told to come back."""


class Busy(RuntimeError):  # noqa: N818 - a state, not a fault; answered with 429
    """Too many passwords are waiting to be looked at."""


@dataclass(frozen=True, slots=True)
class Underway:
    """A sign-in that is under way at the identity provider."""

    journey: Journey
    visit: str
    """Digest of the visit cookie of the browser that began it: nobody else can end it."""
    then: str
    """Where to go afterwards."""
    link: str = ""
    """One-time link whose holder ties their actor to their name there."""


@dataclass(frozen=True, slots=True)
class Pass:
    """What a code for the command line stands for."""

    actor: str
    by: SignInBy
    roles: tuple[Role, ...] = ()
    session: str = ""
    """Id of the session in which the code was made: what comes of the code ends with that session's own time."""
    until: datetime | None = None


@dataclass(slots=True)
class Door:
    """The way into one house."""

    house: House
    ways: Ways
    site: Site
    attempts: Attempts
    refusals: Refusals
    journeys: Once[Underway]
    codes: Once[Pass]
    slow: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(SLOW))
    asking: int = 0
    """Passwords that are looked at, or wait for that, at this moment."""

    async def slowly(self, work: Callable[[], None] | Callable[[], str]) -> str:
        """Do what takes long by design, off the event loop; raise Busy where too much of it waits already."""
        if self.asking >= SLOW + WAITING:
            msg = "too many people are signing in at this moment: try again in a few seconds"
            raise Busy(msg)
        self.asking += 1
        try:
            return await to_thread.run_sync(work, limiter=self.slow) or ""
        finally:
            self.asking -= 1


def open_door(
    house: House,
    ways: Ways | None = None,
    site: Site | None = None,
    *,
    requests_per_minute: int = 0,
    clock: Callable[[], float] = time.monotonic,
) -> Door:
    """Return the way into a house; what is not given is not offered."""
    return Door(
        house,
        ways or Ways(),
        site or Site(),
        Attempts(requests_per_minute, clock),
        Refusals(house),
        Once(JOURNEY_SECONDS, clock),
        Once(CODE_SECONDS, clock),
    )
