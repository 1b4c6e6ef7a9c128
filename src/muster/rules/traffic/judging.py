"""Judging: whether figures of a canary are within its limits, beyond them, or too few to say.

A figure is beyond its limit where its whole interval is, and within where its whole interval is; whatever lies between
is not known yet, and what is not known promotes nobody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import inf, isnan

from muster.records.evidence import Figure
from muster.records.traffic.canary import CanaryLimits, CanaryPlan

ERRORS, REFUSALS, LATENCY, DRIFT, APPROVAL, FAIRNESS = (
    "error_rate_more",
    "refusal_rate_more",
    "latency_p99_ratio",
    "score_drift",
    "approval_rate_apart",
    "impact_ratio_least",
)
"""Names of figures: of the canary, held against the champion in the same time."""

DECISIONS, DAYS, NOT_WITHIN = "decisions", "days", "not_within"
"""Names of further figures of a trial: how much and how long it decided, and how many figures are not within limits."""

FEWEST = 30
"""Decisions of each side below which nothing is beyond a limit either: a first failure is no trend."""


class Finding(StrEnum):
    """What figures say."""

    WITHIN = "within"
    BEYOND = "beyond"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding, in words that name every figure that made it."""

    finding: Finding
    words: str


def bounds(limits: CanaryLimits, *, fairness: bool) -> Mapping[str, tuple[float, float]]:
    """Return between what each figure must lie; all of them must be known."""
    found = {
        ERRORS: (-inf, limits.errors),
        REFUSALS: (-inf, limits.refusals),
        LATENCY: (-inf, limits.latency),
        DRIFT: (-inf, limits.drift),
        APPROVAL: (-limits.approval, limits.approval),
    }
    return found | ({FAIRNESS: (limits.fairness, inf)} if fairness else {})


def judged(plan: CanaryPlan, figures: Sequence[Figure]) -> Judged:
    """Judge figures by the limits of a plan; what is beyond one counts more than what is not known."""
    said = found_by(plan.limits, figures, fairness=bool(plan.groups))
    for finding in (Finding.BEYOND, Finding.UNSURE):
        if said[finding]:
            return Judged(finding, "; ".join(said[finding]))
    return Judged(Finding.WITHIN, "; ".join(said[Finding.WITHIN]))


def found_by(limits: CanaryLimits, figures: Sequence[Figure], *, fairness: bool) -> Mapping[Finding, Sequence[str]]:
    """Return how each figure stands to its limit, in words, by finding; what is not known counts as unsure."""
    known = {figure.name: figure for figure in figures}
    said: dict[Finding, list[str]] = {finding: [] for finding in Finding}
    for name, (least, most) in bounds(limits, fairness=fairness).items():
        finding, words = _one(name, known.get(name), least, most, limits.least)
        said[finding].append(words)
    return said


def _one(name: str, figure: Figure | None, least: float, most: float, enough: int) -> tuple[Finding, str]:
    if figure is None or figure.low is None or figure.high is None or isnan(figure.low) or isnan(figure.high):
        return Finding.UNSURE, f"{name} is not known"
    limit = _limit(least, most)
    words = f"{name} {figure.value:.4g} [{figure.low:.4g}, {figure.high:.4g}], n = {figure.n}"
    if (figure.low > most or figure.high < least) and figure.n >= min(FEWEST, enough):
        return Finding.BEYOND, f"{words} is beyond {limit}"
    if figure.n < enough:
        return Finding.UNSURE, f"{words} rests on fewer than {enough} decisions"
    if least <= figure.low and figure.high <= most:
        return Finding.WITHIN, f"{words} is within {limit}"
    return Finding.UNSURE, f"{words} may be beyond {limit}"


def _limit(least: float, most: float) -> str:
    if least == -inf:
        return f"at most {most:g}"
    return f"at least {least:g}" if most == inf else f"{least:g} to {most:g}"
