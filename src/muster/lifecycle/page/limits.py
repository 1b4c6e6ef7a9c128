"""Limits: which limits a policy puts on a piece of evidence, and how one figure stands to them, in three outcomes."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from muster.records.canonical import canonical
from muster.records.decision import Finding
from muster.records.evidence import Evidence, Figure
from muster.records.policy import Comparison, Control, Library, Limit, Policy
from muster.rules.gate.limits import judge
from muster.rules.gate.measured import demands_of, parameters_of


class Standing(StrEnum):
    """How a figure stands to a limit."""

    BETTER = "better"
    EXACT = "as demanded"
    """Of a limit that demands one value exactly."""
    WORSE = "worse"
    OPEN = "not enough evidence"


_STANDING = {Finding.MET: Standing.BETTER, Finding.NOT_MET: Standing.WORSE}


def limits_on(policy: Policy, library: Library, evidence: Evidence) -> list[tuple[Control, Limit]]:
    """Return the controls whose limits the policy holds this evidence against, with the policy's own values."""
    found = []
    for requirement in demands_of(policy):
        control = library.control(requirement.control)
        if control is None or (control.check, requirement.sample_role) != (evidence.check, evidence.sample_role):
            continue
        if canonical(parameters_of(control, requirement)) == canonical(evidence.parameters):
            value = control.limit.value if requirement.limit is None else requirement.limit
            found.append((control, replace(control.limit, value=value)))
    return found


def standing(limit: Limit, figure: Figure) -> Standing | None:
    """Return how a figure stands to a limit, by the gate's own rule; None where the limit is not about it."""
    if figure.name != limit.figure:
        return None
    found = _STANDING.get(judge(limit, [figure])[0], Standing.OPEN)
    exact = found is Standing.BETTER and limit.comparison is Comparison.EQUALS
    return Standing.EXACT if exact else found
