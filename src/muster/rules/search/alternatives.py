"""Alternatives: which candidates of a search are worth looking at, and in which order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from muster.records.governance.search import Candidate, Constraint

FIGURES = ("auc", "value", "impact_ratio", "impact_ratio_low", "favourable_rate")
"""What constraints may be put on."""


def worth(candidate: Candidate) -> float:
    """Return what a candidate is worth: value per decision where the use case states values, else AUC."""
    return candidate.auc if candidate.value is None else candidate.value


def preference(candidate: Candidate) -> tuple[int, float, float]:
    """Return by what candidates are sorted, best first: least left open or broken, then highest worth, then AUC."""
    left = len(candidate.open_demands) + len(candidate.unmeasured) + len(candidate.broken)
    return left, -worth(candidate), -candidate.auc


def front(candidates: Sequence[Candidate]) -> tuple[int, ...]:
    """Return the places of the candidates than which none is better in worth or impact ratio and as good in the other.

    That is the Pareto front of business value against disparity. Of equal ones all are kept. They come by rising impact
    ratio; candidates without a ratio are left out.
    """
    rated = [place for place, candidate in enumerate(candidates) if candidate.impact_ratio is not None]
    found: list[int] = []
    for place in sorted(rated, key=lambda place: (-ratio(candidates[place]), -worth(candidates[place]))):
        best = candidates[found[-1]] if found else None
        this = candidates[place]
        if best is None or worth(this) > worth(best) or (ratio(this), worth(this)) == (ratio(best), worth(best)):
            found.append(place)
    return tuple(found[::-1])


def ratio(candidate: Candidate) -> float:
    """Return a candidate's smallest impact ratio, 0 where there is none."""
    return 0.0 if candidate.impact_ratio is None else candidate.impact_ratio


def broken(candidate: Candidate, constraints: Sequence[Constraint]) -> Iterator[str]:
    """Name the constraints that a candidate breaks; a figure that it does not have breaks every constraint on it."""
    for constraint in constraints:
        found = getattr(candidate, constraint.figure)
        words = f"{constraint.figure} {constraint.comparison} {constraint.value:g}"
        if found is None:
            yield f"{words}: not known"
        elif found < constraint.value if constraint.comparison == "at-least" else found > constraint.value:
            yield f"{words}: {found:.4g}"


def constraint_fault(constraints: Sequence[Constraint]) -> str:
    """Say what is wrong with constraints, or nothing."""
    for constraint in constraints:
        if constraint.figure not in FIGURES:
            return f"there is no figure {constraint.figure!r} to constrain: there are {', '.join(FIGURES)}"
        if constraint.comparison not in {"at-least", "at-most"}:
            return f"{constraint.figure} is to be at-least or at-most something, not {constraint.comparison!r}"
    return ""
