"""Limits: hold measured figures against a control's limit, by point or by whole interval."""

from __future__ import annotations

import math
from collections.abc import Sequence

from muster.records.decision import Finding
from muster.records.evidence import Figure
from muster.records.policy import Comparison, Limit, Meets

SEVERITY = (Finding.UNKNOWN, Finding.NOT_MET, Finding.NOT_ENOUGH_EVIDENCE, Finding.MET)
"""The worst of several figures speaks for all."""


def judge(limit: Limit, figures: Sequence[Figure]) -> tuple[Finding, str]:
    """Hold every figure of the limit's name against it.

    Returns
    -------
    tuple[Finding, str]
        The worst finding of all groups, and a sentence with the figures that made it.
    """
    about = [figure for figure in figures if figure.name == limit.figure]
    if not about:
        return Finding.MISSING, f"the evidence has no figure called {limit.figure!r}"
    findings = [(_one(limit, figure), figure) for figure in about]
    worst = min((finding for finding, _ in findings), key=SEVERITY.index)
    speaking = [figure for finding, figure in findings if finding is worst]
    return worst, _sentence(limit, worst, speaking, len(about))


def meets(limit: Limit, figures: Sequence[Figure]) -> bool:
    """Tell without words whether :func:`judge` would find the limit met."""
    name, found = limit.figure, False
    for figure in figures:
        if figure.name == name:
            found = True
            if _one(limit, figure) is not Finding.MET:
                return False
    return found


def _one(limit: Limit, figure: Figure) -> Finding:
    if not math.isfinite(figure.value):
        return Finding.UNKNOWN
    if figure.n < limit.minimum_n:
        return Finding.NOT_ENOUGH_EVIDENCE
    if limit.meets is Meets.POINT:
        return Finding.MET if _holds(limit, figure.value) else Finding.NOT_MET
    if figure.low is None or figure.high is None or not figure.low <= figure.value <= figure.high:
        return Finding.NOT_ENOUGH_EVIDENCE
    low, high = _holds(limit, figure.low), _holds(limit, figure.high)
    if low and high:
        return Finding.MET
    return Finding.NOT_ENOUGH_EVIDENCE if low or high or _inside(limit, figure) else Finding.NOT_MET


def _inside(limit: Limit, figure: Figure) -> bool:
    """Tell whether the interval covers the limit though neither end meets it, as can be with EQUALS."""
    return limit.comparison is Comparison.EQUALS and (figure.low or 0.0) < limit.value < (figure.high or 0.0)


def _holds(limit: Limit, value: float) -> bool:
    match limit.comparison:
        case Comparison.AT_LEAST:
            return value >= limit.value
        case Comparison.AT_MOST:
            return value <= limit.value
        case Comparison.EQUALS:
            return value == limit.value


WORDS = {Comparison.AT_LEAST: "at least", Comparison.AT_MOST: "at most", Comparison.EQUALS: "exactly"}


def phrase(limit: Limit) -> str:
    """Say a limit in words: ``impact_ratio at least 0.8, whole interval``."""
    how = ", whole 95 % interval" if limit.meets is Meets.INTERVAL else ""
    floor = f", each n at least {limit.minimum_n}" if limit.minimum_n else ""
    return f"{limit.figure} {WORDS[limit.comparison]} {limit.value:g}{how}{floor}"


def show(figure: Figure) -> str:
    """Write a figure with its group, interval and sample size; a count has no interval to show."""
    group = f"{figure.group} " if figure.group else ""
    if figure.low is None or figure.high is None or figure.low == figure.high:
        value = f"{figure.value:g}" if figure.value == round(figure.value) else f"{figure.value:.3f}"
        return f"{group}{value} (n {figure.n:,})"
    return f"{group}{figure.value:.3f} [{figure.low:.3f}, {figure.high:.3f}] (n {figure.n:,})"


def _sentence(limit: Limit, worst: Finding, speaking: Sequence[Figure], total: int) -> str:
    if worst is Finding.MET:
        closest = sorted(speaking, key=lambda figure: abs(figure.value - limit.value))[:1]
        tail = f", the nearest to it {show(closest[0])}" if total > 1 else f": {show(closest[0])}"
        return f"{phrase(limit)}: {'all ' + str(total) + ' figures meet it' if total > 1 else 'met'}{tail}"
    said = "; ".join(show(figure) for figure in speaking[:6])
    more = f" and {len(speaking) - 6} more" if len(speaking) > 6 else ""
    words = {
        Finding.NOT_MET: "not met",
        Finding.NOT_ENOUGH_EVIDENCE: "not enough evidence",
        Finding.UNKNOWN: "not a number",
    }
    return f"{phrase(limit)}: {words[worst]} by {said}{more}"
