"""The verifier's copy of the rules, against the rules: on facts made at random they must say the same."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.scene import USE_CASE

from muster.records.codec import encode
from muster.records.governance.terms import Selector
from muster.records.purpose import AiType
from muster.rules.gate.applicability import selects
from muster.rules.tier import tier
from muster.verifier.gate.applicability import HIGH_RISK, meant
from muster.verifier.gate.applicability import tier as tier_again

DOMAINS = ("", "consumer-credit", "mortgage", "marketing", "code-generation")
AUTONOMY = ("decides", "recommends", "informs")
PLACES = ("EU", "US", "UK")
people = st.sampled_from([0, 999, 99_999, 100_000, 5_000_000])
money = st.sampled_from([0.0, 9_999_999.5, 10_000_000.0, 5e9])
some = st.booleans() | st.none()


def few(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)


cases = st.builds(
    replace,
    st.just(USE_CASE),
    domain=st.sampled_from(DOMAINS),
    purpose=st.sampled_from(["grant loans", "Grant Loans", "write code"]),
    consequential=st.booleans(),
    people_per_year=people,
    exposure=money,
    currency=st.sampled_from(["EUR", "USD"]),
    autonomy=st.sampled_from(AUTONOMY),
    jurisdictions=few(PLACES),
    third_party=st.booleans(),
    business_unit=st.sampled_from(["", "retail", "cards"]),
    ai_type=st.sampled_from(AiType) | st.none(),
    vulnerable_people=st.booleans(),
    safety_component=st.booleans(),
)
selectors = st.builds(
    Selector,
    domains=few(DOMAINS),
    tiers=few(("high", "medium", "low")),
    jurisdictions=few(PLACES),
    purposes=few(("grant LOANS", "write code")),
    ai_types=few(tuple(kind.value for kind in AiType)),
    autonomy=few(AUTONOMY),
    business_units=few(("retail", "cards")),
    consequential=some,
    third_party=some,
    minimum_people_per_year=people,
    maximum_people_per_year=people | st.none(),
    currency=st.sampled_from(["", "EUR", "USD"]),
    minimum_exposure=money,
    maximum_exposure=money | st.none(),
)


@given(cases)
def test_tiers_agree(case: object) -> None:
    assert tier_again(encode(case)) == tier(case)[0].value  # type: ignore[arg-type]


@given(cases, selectors, st.sets(st.sampled_from(list(Selector.__slots__))))
def test_selectors_agree(case: object, selector: Selector, said: set[str]) -> None:
    few_said = replace(Selector(), **{name: getattr(selector, name) for name in said})
    for each in (selector, few_said):
        expected = selects(each, "it", case)[0]  # type: ignore[arg-type]
        assert meant(encode(each), encode(case)) == expected


PLAIN = replace(
    USE_CASE, domain="marketing", consequential=False, people_per_year=0, exposure=0.0, autonomy="informs",
    third_party=False, ai_type=None, vulnerable_people=False, safety_component=False,
)  # fmt: skip
EDGES: list[dict[str, object]] = [
    {},
    *({"domain": name, "consequential": True} for name in HIGH_RISK),
    *({"domain": name} for name in HIGH_RISK),
    {"consequential": True},
    {"consequential": True, "autonomy": "decides"},
    {"consequential": True, "people_per_year": 99_999},
    {"consequential": True, "people_per_year": 100_000},
    {"consequential": True, "vulnerable_people": True},
    {"safety_component": True},
    {"safety_component": True, "autonomy": "decides"},
    {"autonomy": "decides"},
    {"autonomy": "recommends"},
    {"exposure": 9_999_999.0},
    {"exposure": 10_000_000.0},
    {"people_per_year": 99_999},
    {"people_per_year": 100_000},
    {"vulnerable_people": True},
    {"third_party": True},
    *({"ai_type": kind} for kind in AiType),
]


@pytest.mark.parametrize("changes", EDGES, ids=str)
def test_tiers_agree_at_their_edges(changes: dict[str, object]) -> None:
    case = replace(PLAIN, **changes)  # type: ignore[arg-type]
    assert tier_again(encode(case)) == tier(case)[0].value


CASE = replace(
    USE_CASE, domain="mortgage", purpose="Grant loans", jurisdictions=("EU", "US"), third_party=True,
    consequential=True, business_unit="retail", ai_type=next(iter(AiType)), people_per_year=1000, exposure=500.0,
    currency="EUR",
)  # fmt: skip
CHOICES: list[dict[str, object]] = [
    {},
    {"domains": ("mortgage",)},
    {"domains": ("marketing",)},
    {"tiers": ("high",)},
    {"tiers": ("low", "medium")},
    {"autonomy": ("decides",)},
    {"autonomy": ("informs",)},
    {"ai_types": (CASE.ai_type.value if CASE.ai_type else "",)},
    {"ai_types": ("none",)},
    {"business_units": ("retail",)},
    {"business_units": ("cards",)},
    {"jurisdictions": ("US", "UK")},
    {"jurisdictions": ("UK",)},
    {"purposes": ("grant LOANS", "x")},
    {"purposes": ("x",)},
    {"consequential": True},
    {"consequential": False},
    {"third_party": True},
    {"third_party": False},
    {"minimum_people_per_year": 1000},
    {"minimum_people_per_year": 1001},
    {"maximum_people_per_year": 1000},
    {"maximum_people_per_year": 999},
    {"currency": "EUR", "minimum_exposure": 500.0},
    {"currency": "EUR", "minimum_exposure": 500.5},
    {"currency": "EUR", "maximum_exposure": 500.0},
    {"currency": "EUR", "maximum_exposure": 499.5},
    {"currency": "USD", "minimum_exposure": 501.0},
    {"currency": "USD", "maximum_exposure": 499.0},
    {"domains": ("mortgage",), "jurisdictions": ("UK",)},
]


@pytest.mark.parametrize("said", CHOICES, ids=str)
def test_selectors_agree_at_their_edges(said: dict[str, object]) -> None:
    selector = replace(Selector(), **said)  # type: ignore[arg-type]
    quiet = replace(CASE, business_unit="", ai_type=None)
    for case in (CASE, quiet, replace(CASE, people_per_year=0, exposure=0.0)):
        assert meant(encode(selector), encode(case)) == selects(selector, "it", case)[0]
