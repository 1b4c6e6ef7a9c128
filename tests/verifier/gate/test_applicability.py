"""The verifier's copy of the rules, against the rules: on facts made at random they must say the same."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from tests.rules.scene import USE_CASE

from muster.records.codec import encode
from muster.records.governance.terms import Selector
from muster.records.purpose import AiType
from muster.rules.gate.applicability import selects
from muster.rules.tier import tier
from muster.verifier.gate.applicability import meant
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
