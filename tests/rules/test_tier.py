from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.scene import USE_CASE

from muster.records.purpose import AiType, RiskTier, UseCase
from muster.rules.tier import LARGE_EXPOSURE, MANY_PEOPLE, tier

PLAIN = replace(USE_CASE, domain="logistics", consequential=False, autonomy="informs", people_per_year=10, exposure=1.0)
RANK = [RiskTier.LOW, RiskTier.MEDIUM, RiskTier.HIGH]

use_cases = st.builds(
    lambda **facts: replace(PLAIN, **facts),
    domain=st.sampled_from(["consumer-credit", "mortgage", "logistics"]),
    consequential=st.booleans(),
    people_per_year=st.integers(0, 2 * MANY_PEOPLE),
    exposure=st.floats(0, 2 * LARGE_EXPOSURE),
    autonomy=st.sampled_from(["decides", "recommends", "informs"]),
    third_party=st.booleans(),
)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, RiskTier.LOW),
        ({"consequential": True}, RiskTier.MEDIUM),
        ({"consequential": True, "domain": "mortgage"}, RiskTier.HIGH),
        ({"domain": "mortgage"}, RiskTier.LOW),
        ({"consequential": True, "autonomy": "decides"}, RiskTier.HIGH),
        ({"autonomy": "decides"}, RiskTier.MEDIUM),
        ({"consequential": True, "people_per_year": MANY_PEOPLE}, RiskTier.HIGH),
        ({"consequential": True, "people_per_year": MANY_PEOPLE - 1}, RiskTier.MEDIUM),
        ({"people_per_year": MANY_PEOPLE}, RiskTier.MEDIUM),
        ({"exposure": LARGE_EXPOSURE}, RiskTier.MEDIUM),
        ({"exposure": LARGE_EXPOSURE - 1}, RiskTier.LOW),
        ({"third_party": True}, RiskTier.MEDIUM),
        ({"vulnerable_people": True}, RiskTier.MEDIUM),
        ({"vulnerable_people": True, "consequential": True}, RiskTier.HIGH),
        ({"safety_component": True}, RiskTier.MEDIUM),
        ({"safety_component": True, "autonomy": "decides"}, RiskTier.HIGH),
        ({"ai_type": AiType.AGENT}, RiskTier.MEDIUM),
        ({"ai_type": AiType.PREDICTIVE}, RiskTier.LOW),
    ],
)
def test_the_facts_set_the_tier(change: dict[str, object], expected: RiskTier) -> None:
    assert tier(replace(PLAIN, **change))[0] is expected  # type: ignore[arg-type]


@given(use_cases)
def test_a_tier_always_comes_with_its_reasons(case: UseCase) -> None:
    assert all(sentence.strip() for sentence in tier(case)[1])
    assert tier(case)[1]


@given(use_cases, st.integers(0, MANY_PEOPLE), st.floats(0, LARGE_EXPOSURE))
def test_more_people_more_money_or_more_weight_never_lower_it(case: UseCase, people: int, money: float) -> None:
    more = replace(
        case, people_per_year=case.people_per_year + people, exposure=case.exposure + money, consequential=True
    )

    assert RANK.index(tier(more)[0]) >= RANK.index(tier(case)[0])
