"""Told: what the guards in force say, read into what stands before a deployment and what its answers carry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from muster.columns.plan import Plan
from muster.guards.chain import Chain, chosen
from muster.guards.decisions.business import MARK
from muster.guards.guard import Context
from muster.records.codec import read_value
from muster.records.governance.serving import Abstain, BusinessRule, LogTerms, Rate
from muster.records.release import GuardOrder
from muster.rules.gate.guarding import (
    ABSTAIN,
    BUSINESS,
    COLUMNS,
    ENVELOPE,
    LARGEST,
    LINK,
    LOG,
    OUTSIDE,
    PROHIBITED,
    RATE,
    REASONS,
    REVIEW,
    RULED,
    SCHEMA,
    SIZE,
    UNKNOWN,
)

BESIDE = frozenset({REASONS, LOG, REVIEW})
"""Told with the guards, and none of them."""


@dataclass(frozen=True, slots=True)
class Told:
    """Guards in force, by name, with their parameters."""

    guards: Mapping[str, Mapping[str, Any]]

    @classmethod
    def of(cls, guards: Sequence[GuardOrder]) -> Told:
        """Take the guards in force."""
        return cls({guard.name: guard.parameters for guard in guards})

    @property
    def unknown(self) -> str:
        """What unknown categories lead to."""
        return str(self.guards[SCHEMA][UNKNOWN])

    @property
    def log(self) -> LogTerms:
        """What the log may lose; nothing said: nothing."""
        return read_value(LogTerms, self.guards.get(LOG, {}), LOG)  # type: ignore[no-any-return]

    @property
    def review(self) -> str:
        """Where a person looks again; empty where nobody says."""
        return str(self.guards.get(REVIEW, {}).get(LINK, ""))

    @property
    def wants_reasons(self) -> bool:
        """Whether nothing may be answered without reasons."""
        return REASONS in self.guards

    @property
    def rules(self) -> tuple[BusinessRule, ...]:
        """The rules of the house."""
        said = self.guards.get(BUSINESS, {}).get(RULED, ())
        return read_value(tuple[BusinessRule, ...], said, RULED)  # type: ignore[no-any-return]

    @property
    def words(self) -> dict[str, str]:
        """What the rules of the house are told as, by mark."""
        return {MARK + rule.id: rule.words for rule in self.rules}

    def chain(self, plan: Plan) -> Chain:
        """Open the guards before a model; raise PermissionError naming the one that cannot decide."""
        guards = self.guards
        context = Context(
            plan.columns,
            frozenset(guards[PROHIBITED][COLUMNS]),
            self.unknown,
            guards[ENVELOPE][OUTSIDE],
            plan.decision,
            guards.get(SIZE, {}).get(LARGEST),
            read_value(Rate, guards[RATE], RATE) if RATE in guards else None,
            self.rules,
            read_value(Abstain, guards[ABSTAIN], ABSTAIN) if ABSTAIN in guards else None,
        )
        return Chain.open(context, chosen([name for name in guards if name not in BESIDE]))
