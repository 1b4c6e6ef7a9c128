"""Reason maps: what makes one fit to be adopted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from muster.records.policy import Factor, ReasonMap

MOST_REASONS = 4
"""More principal reasons than four help no applicant (official commentary on Regulation B, 1002.9(b)(2))."""


def reason_map_faults(reasons: ReasonMap) -> Iterator[tuple[str, str]]:
    """Yield the path of each field that is wrong, and what is wrong with it; nothing where the map is sound."""
    if not reasons.factors:
        yield "factors", "it names no factor, so that nobody could be given a reason; name what the model reads"
    if not 1 <= reasons.most <= MOST_REASONS:
        yield "most", f"{reasons.most} reasons: give one to {MOST_REASONS}, more help no applicant"
    for field in ("id", "use_case"):
        if not getattr(reasons, field).strip():
            yield field, "may not be empty"
    for place, factor in enumerate(reasons.factors):
        yield from _factor_faults(factor, f"factors[{place}]")
    yield from _doubled(reasons)


def _factor_faults(factor: Factor, path: str) -> Iterator[tuple[str, str]]:
    if not factor.id.strip():
        yield f"{path}.id", "may not be empty"
    if not factor.columns or not all(name.strip() for name in factor.columns):
        yield f"{path}.columns", "it names no input column"
    if factor.nameable and not factor.statement.strip():
        yield f"{path}.statement", "a factor that may be named needs the words to name it; or set nameable: false"
    if factor.changeable and not factor.nameable:
        yield f"{path}.changeable", "what may not be named cannot be advised upon; set changeable: false"


def _doubled(reasons: ReasonMap) -> Iterator[tuple[str, str]]:
    """Find names that stand twice; two factors with one statement would be told as one reason, given twice."""
    said = [factor.statement.strip().casefold() for factor in reasons.factors]
    for what, found in (("id", [factor.id for factor in reasons.factors]), ("statement", said)):
        for name, count in Counter(found).items():
            if count > 1 and name:
                place = len(found) - 1 - found[::-1].index(name)
                yield f"factors[{place}].{what}", f"{name!r} stands {count} times; join the factors or tell them apart"
    columns = [(name, place) for place, factor in enumerate(reasons.factors) for name in factor.columns]
    for name, count in Counter(name for name, _ in columns).items():
        if count > 1:
            place = next(place for found, place in reversed(columns) if found == name)
            yield f"factors[{place}].columns", f"column {name} is in {count} factors; keep it in one"
