"""Worth: the newest expected value of every version of a use case, as its evaluations found it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from muster.lifecycle.desk.context import Context
from muster.records.evidence import Evidence, Outcome
from muster.records.model import ModelVersion
from muster.records.purpose import UseCase
from muster.rules.worth import CHECK


@dataclass(frozen=True, slots=True)
class Worth:
    """What a decision by a version is worth on a sample."""

    version: str
    sample: str
    value: float | None
    """Point of the estimate; None where it could not be measured."""
    low: float | None
    high: float | None
    n: int
    currency: str
    gain: float | None
    """How much more it is than deciding everybody alike."""
    at: datetime
    reason: str = ""
    """Why it could not be measured."""


def worths(context: Context, use_case: UseCase) -> tuple[Worth, ...]:
    """Return the newest expected value of each version and sample, with the use case's own amounts, oldest first."""
    if use_case.value is None:
        return ()
    found: dict[tuple[str, str], Worth] = {}
    for version in {model.digest: model for _, model in context.history(ModelVersion)}.values():
        if version.use_case != use_case.id:
            continue
        for recorded, evidence in context.history(Evidence, version.subject):
            if evidence.check == CHECK and not evidence.parameters:
                found[version.digest, evidence.sample_name] = _worth(evidence, use_case, recorded.entry.at)
    return tuple(found.values())


def _worth(evidence: Evidence, use_case: UseCase, at: datetime) -> Worth:
    named = {figure.name: figure for figure in evidence.figures}
    point, gain = named.get("value_per_decision"), named.get("value_gain")
    if evidence.outcome is not Outcome.MEASURED or point is None:
        why = evidence.reason or "not measured"
        return Worth(evidence.version, evidence.sample_name, None, None, None, 0, "", None, at, why)
    currency = point.note or (use_case.value.currency if use_case.value else "")
    more = gain.value if gain else None
    return Worth(
        evidence.version, evidence.sample_name, point.value, point.low, point.high, point.n, currency, more, at
    )
