"""Terms of a policy: whom it is for, what must be watched, what a lapse brings, and what is left when time presses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from muster.records.codec import ADDED
from muster.records.people import Role


@dataclass(frozen=True, slots=True)
class Selector:
    """Which use cases are meant, by their facts; an empty tuple, or nothing said, means any.

    A fact that a use case does not state counts as one that is meant: nobody escapes a policy by leaving it out.
    """

    domains: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    jurisdictions: tuple[str, ...] = ()
    purposes: tuple[str, ...] = field(default=(), metadata=ADDED)
    """Whole purposes, as the use cases state them; capitals do not matter."""
    ai_types: tuple[str, ...] = field(default=(), metadata=ADDED)
    autonomy: tuple[str, ...] = field(default=(), metadata=ADDED)
    business_units: tuple[str, ...] = field(default=(), metadata=ADDED)
    consequential: bool | None = field(default=None, metadata=ADDED)
    third_party: bool | None = field(default=None, metadata=ADDED)
    minimum_people_per_year: int = field(default=0, metadata=ADDED)
    """Use cases that reach so many people a year, or more."""
    maximum_people_per_year: int | None = field(default=None, metadata=ADDED)
    """Use cases that reach so many people a year, or fewer."""
    currency: str = field(default="", metadata=ADDED)
    """Of the bounds of exposure; a use case in another currency counts as one that is meant."""
    minimum_exposure: float = field(default=0.0, metadata=ADDED)
    """Use cases with so much money at stake a year, or more."""
    maximum_exposure: float | None = field(default=None, metadata=ADDED)
    """Use cases with so much money at stake a year, or less."""


@dataclass(frozen=True, slots=True)
class Monitoring:
    """A control that must be measured on windows of live traffic, and how often at least."""

    control: str
    every_days: float
    """The first is due so long after the release, and each next one so long after the one before."""
    limit: float | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)


class LapseAction(StrEnum):
    """What happens once a release no longer stands."""

    ALERT = "alert"
    """People are told; it is served on until gateways refuse it of themselves."""
    SUSPEND = "suspend"
    """It is left out of the orders, and so no longer served."""
    ROLL_BACK = "roll-back"
    """The release before it takes its place where that one stands; otherwise it is suspended."""


@dataclass(frozen=True, slots=True)
class OnLapse:
    """What a lapse brings, and after how many hours of grace."""

    action: LapseAction
    grace_hours: float = 0.0


class FindingSeverity(StrEnum):
    """How grave a validator's finding is, the lightest first."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True)
class EmergencyTerms:
    """On which terms a version may be released before people have signed it off; measured demands stay."""

    sign_off_within_hours: float
    """By then the sign-offs that the policy asks for must be there, or the release lapses."""
    released_by: tuple[Role, ...] = (Role.EXECUTIVE,)
    """Who may release so; one of them signs first."""
