from __future__ import annotations

from dataclasses import replace

import pytest
from tests.rules.scene import (
    AUC,
    FACTS_OF_THE_VERSION,
    INPUTS,
    POLICY,
    USE_CASE,
    approval,
    asked,
    finding,
    without,
)

from muster.records.decision import Finding, Verdict
from muster.records.governance.terms import Selector
from muster.records.policy import Library
from muster.records.purpose import AiType
from muster.rules.gate.applicability import applies, control_applies
from muster.rules.gate.decide import record_digest


@pytest.mark.parametrize(
    ("selector", "covered"),
    [
        (Selector(), True),
        (Selector(domains=("consumer-credit", "mortgage")), True),
        (Selector(domains=("mortgage",)), False),
        (Selector(tiers=("high",)), True),
        (Selector(tiers=("medium", "low")), False),
        (Selector(jurisdictions=("US", "EU")), True),
        (Selector(jurisdictions=("US",)), False),
        (Selector(("consumer-credit",), ("high",), ("US",)), False),
        (Selector(purposes=("Grant Loans",)), True),
        (Selector(purposes=("collect debts",)), False),
        (Selector(autonomy=("decides",)), True),
        (Selector(autonomy=("informs",)), False),
        (Selector(consequential=True, third_party=False), True),
        (Selector(consequential=False), False),
        (Selector(third_party=True), False),
        (Selector(minimum_people_per_year=1000, maximum_people_per_year=1000), True),
        (Selector(minimum_people_per_year=1001), False),
        (Selector(maximum_people_per_year=999), False),
        (Selector(currency="EUR", minimum_exposure=1e6, maximum_exposure=1e6), True),
        (Selector(currency="EUR", minimum_exposure=1e6 + 1), False),
        (Selector(currency="EUR", maximum_exposure=1e6 - 1), False),
    ],
)
def test_every_part_of_the_selector_must_cover_the_use_case(selector: Selector, covered: bool) -> None:
    found, why = applies(replace(POLICY, applies_to=selector), USE_CASE)

    assert found is covered
    assert POLICY.id in why
    assert USE_CASE.id in why


@pytest.mark.parametrize(
    ("selector", "fact"),
    [
        (Selector(ai_types=("generative",)), "the type of AI"),
        (Selector(business_units=("cards",)), "the business unit"),
        (Selector(currency="USD", minimum_exposure=1e9), "the exposure in USD"),
    ],
)
def test_nobody_escapes_a_policy_by_leaving_a_fact_out(selector: Selector, fact: str) -> None:
    found, why = applies(replace(POLICY, applies_to=selector), USE_CASE)
    assert found
    assert f"{fact} is not stated" in why
    stated = replace(USE_CASE, ai_type=AiType.PREDICTIVE, business_unit="loans", currency="USD")
    assert not applies(replace(POLICY, applies_to=selector), stated)[0]


def test_a_control_that_is_not_for_the_use_case_is_not_asked_for_and_says_why() -> None:
    elsewhere = replace(AUC, applies_to=Selector(jurisdictions=("US",)))
    library = Library("muster", (elsewhere, INPUTS))
    unmeasured = [each for each in FACTS_OF_THE_VERSION if each.body.get("check") != AUC.check]
    signed = approval(unmeasured, library=record_digest(library))
    decision = asked([*unmeasured, signed], library=library)
    assert decision.verdict is Verdict.ALLOW
    reason = next(reason for reason in decision.reasons if reason.demand == AUC.id)
    assert reason.finding is Finding.NOT_APPLICABLE
    assert "loans acts in EU" in reason.explanation


def test_a_control_for_the_use_case_is_asked_for_as_ever() -> None:
    here = Library("muster", (replace(AUC, applies_to=Selector(jurisdictions=("EU",))), INPUTS))
    signed = approval(library=record_digest(here))
    assert finding([*FACTS_OF_THE_VERSION, signed], AUC.id, library=here) is Finding.MET
    assert "is for every use case" in control_applies(AUC, USE_CASE)[1]
    assert finding(without("evidence.recorded"), AUC.id, library=here) is Finding.MISSING
