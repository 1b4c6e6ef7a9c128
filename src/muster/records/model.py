"""Model version, the run that made it, and the compiled form that is served."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from muster.records.codec import kind
from muster.records.data import Column


class Favourable(StrEnum):
    """On which side of the threshold the decision favours the person."""

    BELOW = "below"
    """Scores under the threshold, as with a probability of default."""
    AT_LEAST = "at-least"
    """Scores at or over the threshold, as with a probability of approval."""


@dataclass(frozen=True, slots=True)
class DecisionRule:
    """From score to decision: favourable when the score is on the given side of the threshold."""

    threshold: float
    favourable: Favourable
    favourable_label: str = "approve"
    adverse_label: str = "refuse"


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train: learner, inputs, what is predicted. Scores are the probability that target == positive."""

    learner: str
    inputs: tuple[str, ...]
    target: str
    positive: int | str
    parameters: Mapping[str, Any]
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a model version is: its files by digest and how its score is turned into a decision.

    The SHA-256 of the canonical manifest is the identity of the version: two thresholds are two versions.
    """

    recipe: Recipe
    decision: DecisionRule
    inputs: tuple[Column, ...]
    files: Mapping[str, str]
    """File name to ``sha256:`` digest; ``model.skops`` is the trained estimator."""


@kind("run.finished")
@dataclass(frozen=True, slots=True)
class Run:
    """One training run, with what went in, as tracked in MLflow."""

    id: str
    use_case: str
    training: str
    """Digest of the training dataset version."""
    recipe: Recipe
    metrics: Mapping[str, float]
    environment: Mapping[str, str]
    """Versions of Python and of the libraries that decide the result."""
    tracking: str = ""
    """Where the run is tracked, such as ``mlflow:RUN_ID``."""

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"run:{self.id}"


@kind("model-version.registered")
@dataclass(frozen=True, slots=True)
class ModelVersion:
    """A trained model with a decision rule, for one use case; the entry's actor is its author."""

    digest: str
    """Identity: SHA-256 of the canonical manifest."""
    model: str
    use_case: str
    manifest: Manifest
    run: str
    training: str
    registry: str = ""
    """Where the registry keeps it, such as ``mlflow:NAME/NUMBER``; never an identity."""

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"version:{self.digest}"


@kind("model-version.compiled")
@dataclass(frozen=True, slots=True)
class Compilation:
    """The form that the gateway loads, and the proof that it decides as the original does."""

    version: str
    served: str
    """Digest of the served artifact."""
    engine: str
    rows: int
    """Rows compared: the evaluation rows and the adversarial ones together."""
    adversarial_rows: int
    decisions_differing: int
    largest_score_difference: float
    sample: str
    """Digest of the dataset version whose rows were compared."""

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"version:{self.version}"


@kind("model-version.intended")
@dataclass(frozen=True, slots=True)
class RegistrationIntent:
    """A version is about to be registered in the tracking tool too; without an outcome, it is reconciled at start."""

    version: ModelVersion
    run: Run

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"version:{self.version.digest}"


@dataclass(frozen=True, slots=True)
class Learner:
    """A learner and its parameters, under a name of its own."""

    name: str
    learner: str
    parameters: Mapping[str, Any]


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
    decision: DecisionRule


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

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"use-case:{self.use_case}"
