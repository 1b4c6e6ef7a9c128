"""Known: what the records say about one version, as the facts of the house are worked out from it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from muster.records.data import DatasetVersion
from muster.records.decision import Decision, Finding, Reason
from muster.records.model import ModelVersion
from muster.records.policy import Policy
from muster.records.purpose import UseCase
from muster.records.release import Deployment
from muster.rules.gate.facts import Facts, age_key


@dataclass(frozen=True, slots=True)
class Shown:
    """Whether a fact is shown, and by what; where it is not, what would show it."""

    holds: bool
    why: str


def shown(why: str) -> Shown:
    """Say that a fact is shown."""
    return Shown(holds=True, why=why)


def lacking(why: str) -> Shown:
    """Say that it is not."""
    return Shown(holds=False, why=why)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one version, at a moment."""

    facts: Facts
    decision: Decision
    """Of the gate, today."""
    policy: Policy
    use_case: UseCase
    version: ModelVersion
    training: DatasetVersion | None
    searches: int
    """Searches for alternatives for the use case."""
    deployments: tuple[Deployment, ...]
    """Of this version, in the newest orders."""
    shadows: int
    """How often it was released into shadow."""
    packages: tuple[str, ...]
    """Packages of its releases that stand today."""
    entries: int
    """Of the ledger under its newest signed checkpoint."""
    outside: tuple[str, ...]
    """Who keeps, or cosigns, checkpoints beside the house."""

    def reasons(self, prefix: str) -> tuple[Reason, ...]:
        """Return the reasons of the gate whose demand begins so."""
        return tuple(reason for reason in self.decision.reasons if reason.demand.startswith(prefix))

    def found(self, findings: Collection[Finding]) -> tuple[str, ...]:
        """Return the demands that came out so."""
        return tuple(reason.demand for reason in self.decision.reasons if reason.finding in findings)

    @property
    def authors(self) -> tuple[str, ...]:
        """Who made the version, in order."""
        return tuple(sorted(self.facts.authors))

    @property
    def registered_at(self) -> str:
        """The day on which the facts of the use case were last stated; empty where nobody did."""
        newest = max(self.facts.use_cases, key=age_key, default=None)
        return f"{newest.at:%Y-%m-%d}" if newest else ""
