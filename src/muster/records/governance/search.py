"""Search: what is tried to find a model that harms a group less, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from muster.records.codec import ADDED, kind
from muster.records.model import DecisionRule, Favourable, Recipe


@dataclass(frozen=True, slots=True)
class Learner:
    """A learner and its parameters, under a name of its own."""

    name: str
    learner: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Constraint:
    """What the business asks of every candidate of a search, whatever the policy demands."""

    figure: str
    """``auc``, ``value``, ``impact_ratio``, ``impact_ratio_low`` or ``favourable_rate``."""
    comparison: str
    """``at-least`` or ``at-most``."""
    value: float


@dataclass(frozen=True, slots=True)
class SearchSpace:
    """A family of models: every feature set with every learner, at every threshold."""

    target: str
    positive: int | str
    favourable: Favourable
    feature_sets: Mapping[str, tuple[str, ...]]
    learners: tuple[Learner, ...]
    thresholds: tuple[float, ...]
    seed: int = 0
    favourable_label: str = "approve"
    adverse_label: str = "refuse"
    constraints: tuple[Constraint, ...] = field(default=(), metadata=ADDED)
    """Candidates that break one are recorded, and come after those that break none."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One model of a family, as it came out on validation rows."""

    feature_set: str
    learner: str
    threshold: float
    auc: float
    value: float | None
    """Expected value per decision in the use case's currency, if it states values."""
    impact_ratio: float | None
    """Smallest adverse impact ratio of all groups that the policy asks about."""
    impact_ratio_low: float | None
    """Lower end of that ratio's interval."""
    group: str
    """The group with that ratio."""
    open_demands: tuple[str, ...]
    """Controls of the policy that it would not meet on these rows."""
    recipe: Recipe
    """With every parameter that the training used, so that training again gives the same model."""
    decision: DecisionRule
    unmeasured: tuple[str, ...] = field(default=(), metadata=ADDED)
    """Controls that could not be measured here, for they ask a compiled version or more rows; the assessment tells."""
    favourable_rate: float | None = field(default=None, metadata=ADDED)
    """Share of the validation rows that it favours."""
    broken: tuple[str, ...] = field(default=(), metadata=ADDED)
    """Constraints of the space that it breaks, in words."""


@kind("search.finished")
@dataclass(frozen=True, slots=True)
class Search:
    """A search for a less discriminatory alternative: all that was tried, best first; no held-out row was touched."""

    use_case: str
    training: str
    validation: str
    policy: str
    """Digest of the policy whose demands the candidates were held against."""
    candidates: tuple[Candidate, ...]
    front: tuple[int, ...] = field(default=(), metadata=ADDED)
    """Places in ``candidates``, from 0, of those that none beats in both worth and impact ratio; by rising ratio."""

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"use-case:{self.use_case}"
