"""Control, policy and reason map: what must be shown before a model serves, and told after. Data, never code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from muster.records.codec import ADDED, kind
from muster.records.governance.clauses import Clause, Confidence, Objective, Regime
from muster.records.governance.serving import ServingTerms
from muster.records.governance.terms import EmergencyTerms, FindingSeverity, Monitoring, OnLapse, Selector
from muster.records.language.answers import AnswerRules
from muster.records.language.hosted import Budget
from muster.records.people import Role


class Comparison(StrEnum):
    """How a figure is held against its limit."""

    AT_LEAST = "at-least"
    AT_MOST = "at-most"
    EQUALS = "equals"


class Meets(StrEnum):
    """Which of a figure must meet the limit; fixed before anything is measured."""

    POINT = "point"
    INTERVAL = "interval"
    """The whole confidence interval: an interval that crosses the limit is not enough evidence."""


@dataclass(frozen=True, slots=True)
class Limit:
    """The figures called ``figure`` (in every group) must compare so with ``value``."""

    figure: str
    comparison: Comparison
    value: float
    meets: Meets
    minimum_n: int = 0
    """Figures of smaller samples are not enough evidence, whatever they say."""


@dataclass(frozen=True, slots=True)
class Control:
    """A statement in business words, the check that answers it, its limit and the clauses that ask for it."""

    id: str
    statement: str
    check: str
    parameters: Mapping[str, Any]
    limit: Limit
    clauses: tuple[str, ...] = ()
    waivable: bool = True
    applies_to: Selector | None = field(default=None, metadata=ADDED)
    """Use cases that it is for; where it is for none of a kind, the gate says so and does not ask for it."""
    objective: str = field(default="", metadata=ADDED)
    """Id of the objective that it measures, such as ``FAIR-01``."""
    in_force_from: str = field(default="", metadata=ADDED)
    """Date as YYYY-MM-DD from which the gate asks for it; nothing said: as soon as a policy demands it."""
    in_force_until: str = field(default="", metadata=ADDED)
    """Date as YYYY-MM-DD from which the gate no longer asks for it."""
    supersedes: tuple[str, ...] = field(default=(), metadata=ADDED)
    """Ids of controls in whose place it came; a policy that demands only those must be changed once they end."""
    jurisdictions: tuple[str, ...] = field(default=(), metadata=ADDED)
    """Where it is asked for; nothing said: where its clauses are."""
    source: str = field(default="", metadata=ADDED)
    """Where the limit comes from; nothing said: it is an engineering default of ours."""
    confidence: Confidence | None = field(default=None, metadata=ADDED)
    """How well it is known that its clauses ask for it; nothing said: as well as the least known of them."""


@kind("library.adopted")
@dataclass(frozen=True, slots=True)
class Library:
    """All controls, in one version. Engineering input, not legal advice."""

    name: str
    controls: tuple[Control, ...]
    clauses: tuple[Clause, ...] = ()
    notice: str = ""
    """What a reader must know before relying on it."""
    as_of: str = ""
    """Date as YYYY-MM-DD on which clauses and their status were gathered."""
    regimes: tuple[Regime, ...] = field(default=(), metadata=ADDED)
    """The laws, rules and standards that its clauses are of."""
    objectives: tuple[Objective, ...] = field(default=(), metadata=ADDED)
    """What clauses ask for in common, with what answers it, or that nothing does."""

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"library:{self.name}"

    def control(self, identifier: str) -> Control | None:
        """Return the control of that id, or None."""
        return next((control for control in self.controls if control.id == identifier), None)


@dataclass(frozen=True, slots=True)
class Requirement:
    """That a control is met, perhaps with the policy's own limit or parameters, on samples of the given role."""

    control: str
    limit: float | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    sample_role: str = "held-out"
    maximum_age_days: float | None = field(default=None, metadata=ADDED)
    """How old its evidence may be, where that is less than the policy allows; may be a fraction of a day."""


@dataclass(frozen=True, slots=True)
class SignOff:
    """How many people of a role must sign."""

    role: Role
    count: int = 1


@kind("policy.adopted")
@dataclass(frozen=True, slots=True)
class Policy:
    """What an environment demands of the use cases that it selects."""

    id: str
    environment: str
    statement: str
    applies_to: Selector
    requirements: tuple[Requirement, ...]
    sign_offs: tuple[SignOff, ...]
    library: str
    """Name of the library that its controls come from."""
    separation_of_duties: bool = True
    """Whether the author of a version is refused as its approver."""
    parity: bool = True
    """Whether the served form must be proven to decide as the original."""
    maximum_evidence_age_days: float = 30
    release_life_days: float = 90
    orders_life_hours: float = 24
    """How long a gateway goes on serving without hearing from the control plane."""
    unknown_category: str = "refuse"
    """``refuse`` the request, or answer it as ``unknown``, as the model was trained to."""
    outside_range: str = "flag"
    """A number outside the range that the model was trained on: ``flag`` it in the log, or ``refuse`` the request."""
    local_mode: bool = True
    """Whether entries made without a server, by access to files alone, count."""
    answers: AnswerRules | None = field(default=None, metadata=ADDED)
    """Guards of what language models answer; a hosted model is not served without any."""
    budget: Budget | None = field(default=None, metadata=ADDED)
    """How much the use case may ask of hosted models."""
    serving: ServingTerms | None = field(default=None, metadata=ADDED)
    """Rates, sizes, business rules, what goes to a person, and what the log may lose."""
    parents: tuple[str, ...] = field(default=(), metadata=ADDED)
    """Digests of the policies that it was written as an extension of; what they say is in it already."""
    guards: tuple[str, ...] = field(default=(), metadata=ADDED)
    """Guards that must stand before a version; a policy that names one that cannot be put there allows nothing."""
    monitors: tuple[Monitoring, ...] = field(default=(), metadata=ADDED)
    """What must be measured on windows of live traffic, and how often."""
    on_lapse: OnLapse | None = field(default=None, metadata=ADDED)
    """What happens once a release no longer stands; nothing said: it is suspended at once."""
    blocking_findings: tuple[FindingSeverity, ...] = field(default=(), metadata=ADDED)
    """Open findings of which severities keep a version from being released."""
    emergency: EmergencyTerms | None = field(default=None, metadata=ADDED)
    """Terms of a release before its sign-offs; nothing said: there is none."""
    separation_along_lineage: bool = field(default=False, metadata=ADDED)
    """Whether nobody signs off either who brought or split the training data, or compiled the version."""
    own_keys_only: bool = field(default=True, metadata=ADDED)
    """Whether only sign-offs count that were signed with the approver's own key, and none by the platform for them."""
    originals: str = field(default="allow", metadata=ADDED)
    """A version that was not compiled: ``allow`` its own library to serve it, in a worker process, or ``refuse`` it."""

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"policy:{self.id}"


@dataclass(frozen=True, slots=True)
class Factor:
    """Inputs that mean one thing to an applicant, and the words in which it is given as a reason."""

    id: str
    columns: tuple[str, ...]
    """Names of input columns; those that a model does not read are left aside."""
    statement: str
    """Specific and in business words, such as ``Recent late payments``; empty where there are none."""
    nameable: bool = True
    """Whether it may be given as a reason; a prohibited basis may not."""
    changeable: bool = False
    """Whether applicants could change it, so that it may stand in an answer to what would have been approved."""


@kind("reason-map.adopted")
@dataclass(frozen=True, slots=True)
class ReasonMap:
    """What applicants of a use case are told when they are refused: every factor with its statement."""

    id: str
    use_case: str
    factors: tuple[Factor, ...]
    most: int = 4
    """How many reasons are given at most."""

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"reason-map:{self.id}"
