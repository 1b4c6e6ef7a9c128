"""Guards: which stand before each deployment, in their order, what each does and what it is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from muster.lifecycle.desk.action import view
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.posture.sent import newest
from muster.rules.gate.guarding import (
    ABSTAIN,
    ANSWERS,
    BUSINESS,
    CONSISTENT,
    ENVELOPE,
    LOG,
    PLAUSIBLE,
    PROHIBITED,
    RATE,
    REASONS,
    REVIEW,
    SCHEMA,
    SIZE,
)

DOES: Mapping[str, str] = {
    SIZE: "refuses requests of more rows",
    RATE: "refuses rows beyond a rate",
    PROHIBITED: "refuses requests that carry a prohibited column",
    SCHEMA: "refuses what is not as the model was trained on, and casts nothing",
    ENVELOPE: "marks or refuses numbers outside the training range",
    BUSINESS: "marks, refers to a person or refuses rows by rules of the house",
    PLAUSIBLE: "refuses scores that are no probability",
    ABSTAIN: "refers rows to a person that the model alone should not decide",
    CONSISTENT: "refuses decisions that do not follow from score and rule",
    REASONS: "nothing is served unless whoever is refused can be given reasons",
    LOG: "what becomes of requests that the log cannot take, and which inputs lie apart",
    REVIEW: "where a person is asked to look again",
    ANSWERS: "judge what a language model answers",
}


@dataclass(frozen=True, slots=True)
class GuardLine:
    """A guard before a deployment."""

    deployment: str
    place: int
    """In which order it judges, from 1."""
    guard: str
    does: str
    parameters: Mapping[str, Any]


@view("guard list")
def listed(context: Context, deployment: str = "", group: str = "default") -> tuple[GuardLine, ...]:
    """List the guards before each deployment of a gateway group, first to last, with what they are told."""
    context.house.ledger.refresh()
    orders = newest(context, group)
    if orders is None:
        return ()
    sets = {each.name: each.guards for each in orders.guards}
    return tuple(
        GuardLine(named.name, place, guard.name, DOES.get(guard.name, ""), guard.parameters)
        for named in orders.deployments
        if deployment in ("", named.name)
        for place, guard in enumerate(sets.get(named.guards, ()), 1)
    )
