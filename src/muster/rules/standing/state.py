"""State: how a release stands, and what a lapse means for whoever serves it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from muster.records.governance.terms import LapseAction
from muster.records.release import SignedRelease


class State(StrEnum):
    """Whether a release may be served."""

    IN_FORCE = "in-force"
    IN_GRACE = "in-grace"
    """It no longer stands, and is served on for as long as the policy gives people to mend it."""
    LAPSED = "lapsed"
    REVOKED = "revoked"
    EXPIRED = "expired"
    UNKNOWN = "unknown"
    """Nobody can tell: no policy covers it, or more than one does. It is not served."""


@dataclass(frozen=True, slots=True)
class Lapse:
    """A demand that is open, in words, and since when."""

    demand: str
    why: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Fall:
    """A demand that will be open from a moment on, unless something happens before."""

    at: datetime
    demand: str
    why: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a release stands."""

    release: SignedRelease
    state: State
    lapses: tuple[Lapse, ...]
    """What is open, the first to lapse first."""
    until: datetime
    """First moment at which it will stand no more; of one that does not stand, the moment of asking."""
    action: LapseAction = LapseAction.SUSPEND
    """What its lapse brings."""
    ends: datetime | None = None
    """End of the grace, past or to come; None where there is none."""
    graceless: bool = False
    """Whether something is open for which no policy can give grace."""

    @property
    def reasons(self) -> tuple[str, ...]:
        """What is open, in sentences."""
        return tuple(f"{lapse.demand}: {lapse.why}" if lapse.demand else lapse.why for lapse in self.lapses)

    @property
    def since(self) -> datetime | None:
        """Since when it does not stand; None while it does."""
        return min((lapse.since for lapse in self.lapses), default=None)

    @property
    def served(self) -> bool:
        """Whether orders keep what rests on it."""
        if self.state in (State.IN_FORCE, State.IN_GRACE):
            return True
        return self.state is State.LAPSED and self.action is LapseAction.ALERT and not self.graceless

    @property
    def stops(self) -> datetime | None:
        """When gateways must stop serving it, whether or not they hear of it; None where nothing says so yet."""
        return self.ends if self.state is State.IN_GRACE and self.action is not LapseAction.ALERT else None
