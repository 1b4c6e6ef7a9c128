"""Told: what the guards in force say, read into what stands before a deployment and what its answers carry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from muster.columns.explanation.header import SAMPLED, opened
from muster.columns.explanation.packed import Reasons
from muster.columns.explanation.sampling.reasons import SampledReasons
from muster.columns.plan import Plan
from muster.gateway.decided import Answering
from muster.gateway.served import Model
from muster.guards.chain import Chain, chosen
from muster.guards.decisions.business import MARK
from muster.guards.guard import Context
from muster.records.canonical import parse
from muster.records.codec import decode, read_value
from muster.records.governance.serving import Abstain, BusinessRule, ClientRate, LogTerms, Rate
from muster.records.policy import ReasonMap
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
    share: float = 1.0
    """Of this process in what the gateway may answer."""

    @classmethod
    def of(cls, guards: Sequence[GuardOrder], share: float = 1.0) -> Told:
        """Take the guards in force."""
        return cls({guard.name: guard.parameters for guard in guards}, share)

    @property
    def rate(self) -> Rate | None:
        """How many rows this process may answer; None: as many as are asked."""
        if RATE not in self.guards:
            return None
        rate = read_value(Rate, self.guards[RATE], RATE)
        each = rate.per_client and ClientRate(*self._shared(rate.per_client))
        return Rate(*self._shared(rate), each)

    def _shared(self, rate: Rate | ClientRate) -> tuple[float, int]:
        """Return what of a rate is for this process."""
        return rate.rows_per_second * self.share, max(min(1, rate.burst), int(rate.burst * self.share))

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
        """Open the guards before a model; raise PermissionError naming what cannot be done with it."""
        guards = self.guards
        if absent := sorted(set(self.log.personal) - {column.name for column in plan.columns}):
            msg = f"the policy keeps {absent[0]} apart in the log, which is no input of the model"
            raise PermissionError(msg)
        context = Context(
            plan.columns,
            frozenset(guards[PROHIBITED][COLUMNS]),
            self.unknown,
            guards[ENVELOPE][OUTSIDE],
            plan.decision,
            guards.get(SIZE, {}).get(LARGEST),
            self.rate,
            self.rules,
            read_value(Abstain, guards[ABSTAIN], ABSTAIN) if ABSTAIN in guards else None,
        )
        return Chain.open(context, chosen([name for name in guards if name not in BESIDE]))


def answering_of(told: Told, model: Model, reasons: tuple[bytes, bytes] | None) -> Answering:
    """Return what answers of a deployment carry beside the decision.

    Parameters
    ----------
    reasons
        Reason map and explanation; None where the orders name none.

    Raises
    ------
    PermissionError
        If the policy demands reasons, and they cannot be given for everything that the model reads.
    ValueError
        If the explanation is not of this very model.
    """
    if reasons is None:
        if told.wants_reasons:
            msg = "the policy demands reasons, and the orders name no reason map or no explanation for it"
            raise PermissionError(msg)
        return Answering(told.words, told.review)
    mapped = decode(ReasonMap, parse(reasons[0]), "reason map")
    found: Reasons | SampledReasons
    if opened(reasons[1])[1]["format"] == SAMPLED:
        found = SampledReasons(model, mapped, reasons[1])
        same = found.agrees()
    else:
        found = Reasons(model.plan, mapped, reasons[1])
        margins = getattr(model, "margins", None)
        same = margins is not None and found.agrees(margins, model.plan.width)
    if not same:
        msg = "the explanation is of another model than the one that serves: issue the orders again"
        raise ValueError(msg)
    if told.wants_reasons and found.factors.unmapped:
        msg = f"the policy demands reasons, and the reason map has no words for {', '.join(found.factors.unmapped)}"
        raise PermissionError(msg)
    return Answering({**found.words, **told.words}, told.review, found)
