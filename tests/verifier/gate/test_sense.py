"""A policy that cannot be judged lets nobody through, for the verifier as for the gate."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.rules.scene import POLICY, complete
from tests.verifier.agreeing import outcome

from muster.records.codec import encode
from muster.records.governance.serving import Abstain, BusinessRule, Effect, LogTerms, Rate, ServingTerms
from muster.records.governance.terms import EmergencyTerms, LapseAction, Monitoring, OnLapse, Selector
from muster.records.language.answers import AnswerRules
from muster.records.people import Role
from muster.records.policy import Policy, Requirement, SignOff
from muster.verifier.gate.sense import nonsense

HUNDRED = 36_500


def asks(age: float) -> tuple[Requirement, ...]:
    return (replace(POLICY.requirements[0], maximum_age_days=age),)


def selector(**changes: Any) -> Selector:
    return replace(Selector(), **changes)


def lapse(hours: float) -> OnLapse:
    return OnLapse(LapseAction.ALERT, hours)


SOUND: list[dict[str, Any]] = [
    {},
    {"maximum_evidence_age_days": HUNDRED, "release_life_days": HUNDRED, "orders_life_hours": HUNDRED * 24},
    {"maximum_evidence_age_days": 1, "release_life_days": 1, "orders_life_hours": 1},
    {"requirements": asks(0.01)},
    {"monitors": (Monitoring("discrimination", 0.5),)},
    {"applies_to": selector(maximum_people_per_year=0)},
    {"applies_to": selector(maximum_exposure=0.0)},
    {"sign_offs": (SignOff(Role.RISK_ANALYST, 60), SignOff(Role.VALIDATOR, 40))},
    {"guards": ("schema",)},
    {"monitors": (Monitoring("discrimination", HUNDRED),)},
    {"applies_to": selector(minimum_people_per_year=5, maximum_people_per_year=5)},
    {"applies_to": selector(minimum_exposure=5.0, maximum_exposure=5.0, currency="EUR")},
    {"on_lapse": lapse(0.0)},
    {"on_lapse": lapse(HUNDRED * 24)},
    {"emergency": EmergencyTerms(0.1)},
    {"emergency": EmergencyTerms(HUNDRED * 24)},
]
ODD: list[dict[str, Any]] = [
    {"maximum_evidence_age_days": 0},
    {"maximum_evidence_age_days": HUNDRED + 1},
    {"release_life_days": 0},
    {"release_life_days": HUNDRED + 1},
    {"orders_life_hours": 0},
    {"orders_life_hours": HUNDRED * 24 + 1},
    {"requirements": asks(0)},
    {"requirements": asks(-1)},
    {"requirements": (*POLICY.requirements, *asks(0))},
    {"sign_offs": (SignOff(Role.RISK_ANALYST), SignOff(Role.VALIDATOR, 0))},
    {"monitors": (Monitoring("discrimination", 7.0), Monitoring("no-age", 0.0))},
    {"sign_offs": (SignOff(Role.RISK_ANALYST, 0),)},
    {"sign_offs": (SignOff(Role.RISK_ANALYST, 61), SignOff(Role.VALIDATOR, 40))},
    {"guards": ("schema", "answers")},
    {"guards": ("rate",)},
    {"monitors": (Monitoring("discrimination", 0.0),)},
    {"monitors": (Monitoring("discrimination", HUNDRED + 1),)},
    {"applies_to": selector(minimum_people_per_year=5, maximum_people_per_year=4)},
    {"applies_to": selector(minimum_exposure=5.0, maximum_exposure=4.0, currency="EUR")},
    {"on_lapse": lapse(-1.0)},
    {"on_lapse": lapse(HUNDRED * 24 + 1)},
    {"emergency": EmergencyTerms(0.0)},
    {"emergency": EmergencyTerms(HUNDRED * 24 + 1)},
    {"emergency": EmergencyTerms(24.0, ())},
]


def odd(policy: Policy) -> bool:
    """Tell whether both cannot judge a policy."""
    assert outcome(complete(), "policy", policy=policy) == ("unknown" if nonsense(encode(policy)) else "")
    return nonsense(encode(policy))


@pytest.mark.parametrize("changes", SOUND, ids=str)
def test_what_can_be_judged_is(changes: dict[str, Any]) -> None:
    assert not odd(replace(POLICY, **changes))


@pytest.mark.parametrize("changes", ODD, ids=str)
def test_what_cannot_be_judged_refuses(changes: dict[str, Any]) -> None:
    assert odd(replace(POLICY, **changes))


TERMS = {
    "size": ServingTerms(largest_rows=0),
    "rate": ServingTerms(rate=Rate(1.0, 1)),
    "business": ServingTerms(rules=(BusinessRule("r", (), Effect.FLAG, "w"),)),
    "abstain": ServingTerms(abstain=Abstain()),
    "log": ServingTerms(log=LogTerms()),
    "review": ServingTerms(review="https://bank.example/{decision_id}"),
}


@pytest.mark.parametrize("guard", TERMS)
def test_a_guard_stands_where_the_policy_has_terms_for_it(guard: str) -> None:
    for name, terms in TERMS.items():
        assert odd(replace(POLICY, guards=(guard,), serving=terms)) == (name != guard)
    assert odd(replace(POLICY, guards=(guard,)))


@pytest.mark.parametrize("guard", ["prohibited", "schema", "envelope", "plausible", "consistent", "reasons"])
def test_some_guards_always_stand_but_not_before_a_language_model(guard: str) -> None:
    assert not odd(replace(POLICY, guards=(guard,)))
    assert odd(replace(POLICY, guards=(guard,), answers=AnswerRules()))
    assert not odd(replace(POLICY, guards=("answers",), answers=AnswerRules()))
