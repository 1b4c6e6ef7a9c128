"""A policy that makes no sense refuses, in words, instead of asking for less or stopping the gate."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.rules.scene import FACTS_OF_THE_VERSION, LIBRARY, NOW, POLICY, QUESTION, ROOT, record

from muster.adapters.signatures import verify
from muster.records.decision import Finding, Verdict
from muster.records.governance.terms import EmergencyTerms, LapseAction, Monitoring, OnLapse, Selector
from muster.records.people import Role
from muster.records.policy import Comparison, Control, Limit, Meets, Requirement, SignOff
from muster.rules.gate.decide import decide
from muster.rules.gate.facts import gather
from muster.rules.gate.sense import nonsense, unadoptable

ANALYST = Role.RISK_ANALYST


def test_a_sensible_policy_is_judged() -> None:
    assert not nonsense(POLICY)
    terms = OnLapse(LapseAction.ALERT, 4.0), EmergencyTerms(72.0), ("schema", "prohibited")
    assert not nonsense(replace(POLICY, on_lapse=terms[0], emergency=terms[1], guards=terms[2]))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"sign_offs": (SignOff(ANALYST), SignOff(ANALYST, -1))}, "asks for -1 sign-offs"),
        ({"sign_offs": (SignOff(ANALYST, 0),)}, "asks for 0 sign-offs"),
        (
            {"requirements": (Requirement("no-age", maximum_age_days=-1.0),)},
            "no-age asks for evidence of at most -1 days",
        ),
        ({"sign_offs": (SignOff(ANALYST, 10**12),)}, "more than 100 sign-offs"),
        ({"maximum_evidence_age_days": 1e300}, "maximum_evidence_age_days is 1e"),
        ({"release_life_days": 0.0}, "release_life_days is 0"),
        ({"orders_life_hours": float("nan")}, "orders_life_hours is nan"),
        ({"guards": ("schema", "answers")}, "demands the guard 'answers'"),
        ({"monitors": (Monitoring("no-age", 0.0),)}, "the monitor of no-age runs every 0 days"),
        ({"on_lapse": OnLapse(LapseAction.SUSPEND, -1.0)}, "on_lapse.grace_hours: is -1"),
        ({"emergency": EmergencyTerms(0.0)}, "emergency.sign_off_within_hours: is 0"),
        ({"emergency": EmergencyTerms(72.0, ())}, "emergency.released_by: names no role"),
        ({"applies_to": Selector(minimum_people_per_year=2, maximum_people_per_year=1)}, "covers no use case"),
        ({"applies_to": Selector(minimum_exposure=2.0, maximum_exposure=1.0)}, "covers no use case"),
    ],
)
def test_what_makes_no_sense_refuses_in_words(changes: dict[str, Any], why: str) -> None:
    policy = replace(POLICY, **changes)
    assert why in nonsense(policy)
    if policy.orders_life_hours == policy.orders_life_hours:
        facts = gather(QUESTION, record(FACTS_OF_THE_VERSION), ROOT, verify)
        decision = decide(policy, LIBRARY, QUESTION, facts, NOW)
        assert (decision.verdict, decision.reasons[0].finding) == (Verdict.REFUSE, Finding.UNKNOWN)
        assert why in decision.reasons[0].explanation


def test_answers_of_people_are_asked_for_as_such() -> None:
    limit = Limit("blocking_answers", Comparison.AT_MOST, 0, Meets.POINT)
    library = replace(LIBRARY, controls=(*LIBRARY.controls, Control("ready", "Ready.", "attested.ready", {}, limit)))
    asks = replace(POLICY, requirements=(Requirement("ready"),))
    assert "ready is answered by people, not measured on held-out: sample_role: attested" in unadoptable(asks, library)
    asks = replace(POLICY, requirements=(Requirement("no-age", sample_role="attested"),))
    assert "no-age is measured by a check: no people answer it" in unadoptable(asks, library)
    asks = replace(POLICY, requirements=(Requirement("ready", sample_role="attested"),))
    assert not unadoptable(asks, library)
