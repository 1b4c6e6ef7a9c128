"""Use case: what a model is for, for whom it decides, who answers for it, and what it is worth."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from muster.records.codec import ADDED, kind


class RiskTier(StrEnum):
    """How much can go wrong; computed by ``rules.tier`` from the facts of a use case, never typed in."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Value:
    """What an outcome of one decision is worth, in ``currency``; costs are negative."""

    currency: str
    true_positive: float
    false_positive: float
    true_negative: float
    false_negative: float
    per_call: float = field(default=0.0, metadata=ADDED)
    """What one call costs or brings, whatever its outcome."""


class AiType(StrEnum):
    """What sort of model answers."""

    PREDICTIVE = "predictive"
    """Scores, classes or numbers from recorded facts."""
    GENERATIVE = "generative"
    """Text, code or pictures."""
    AGENT = "agent"
    """Acts by calling tools."""
    RULES = "rules"
    """Rules that people wrote; nothing was learned."""


@kind("use-case.registered")
@dataclass(frozen=True, slots=True)
class UseCase:
    """A purpose for which models decide or advise, with the facts that set its risk tier."""

    id: str
    purpose: str
    owner: str
    sponsor: str
    domain: str
    """What is decided about, such as ``consumer-credit``, ``mortgage``, ``employment``, ``code-generation``."""
    consequential: bool
    """Whether a decision grants or denies somebody something that matters to their life."""
    people_per_year: int
    exposure: float
    """Money at stake a year, in ``currency``."""
    currency: str
    autonomy: str
    """``decides`` (no person in between), ``recommends`` or ``informs``."""
    jurisdictions: tuple[str, ...]
    kpi: str
    kpi_target: float
    value: Value | None = None
    third_party: bool = False
    business_unit: str = field(default="", metadata=ADDED)
    """Part of the business that it belongs to; roles may be scoped to one."""
    ai_type: AiType | None = field(default=None, metadata=ADDED)
    """What sort of model answers; nothing said: it is not known."""
    vulnerable_people: bool = field(default=False, metadata=ADDED)
    """Whether children, patients or others who need more protection are among the people affected."""
    safety_component: bool = field(default=False, metadata=ADDED)
    """Whether a failure can hurt people or stop what they depend on."""

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"use-case:{self.id}"
