from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.rules.scene import LIBRARY, POLICY, asked, complete

from muster.records.decision import Finding
from muster.records.governance.serving import (
    Abstain,
    BusinessRule,
    Condition,
    Effect,
    Holds,
    LogTerms,
    Rate,
    ServingTerms,
    WhenFull,
)
from muster.records.policy import Library, Policy
from muster.records.release import GuardOrder
from muster.rules.gate.guarding import PROHIBITION, agreed, demanded, set_of, standing_guards

NAMED: Library = replace(
    LIBRARY,
    controls=tuple(replace(c, check=PROHIBITION) if c.id == "no-age" else c for c in LIBRARY.controls),
)


def wanted(policy: Policy = POLICY) -> tuple[GuardOrder, ...]:
    return demanded(policy, NAMED, asked(complete()))


def changed(guard: str, **parameters: Any) -> tuple[GuardOrder, ...]:
    return tuple(
        GuardOrder(each.name, {**each.parameters, **parameters}) if each.name == guard else each for each in wanted()
    )


def test_a_policy_demands_its_guards_in_order_with_what_they_are_told() -> None:
    assert [(guard.name, dict(guard.parameters)) for guard in wanted()] == [
        ("prohibited", {"columns": ["age"]}),
        ("schema", {"unknown_category": "refuse"}),
        ("envelope", {"outside_range": "flag"}),
        ("plausible", {}),
        ("consistent", {}),
    ]


def test_what_was_waived_is_not_prohibited() -> None:
    decision = asked(complete())
    reasons = tuple(replace(r, finding=Finding.WAIVED) if r.demand == "no-age" else r for r in decision.reasons)
    (first, *_) = demanded(POLICY, NAMED, replace(decision, reasons=reasons))
    assert first.parameters["columns"] == []


def test_orders_may_say_the_same_or_more_and_older_ones_nothing() -> None:
    assert agreed((), wanted()) == agreed(wanted(), wanted()) == wanted()
    for stricter in (changed("prohibited", columns=["age", "sex"]), changed("envelope", outside_range="refuse")):
        assert agreed(stricter, wanted()) == stricter


@pytest.mark.parametrize(
    ("ordered", "said"),
    [
        (changed("prohibited", columns=[]), "column 'age' is prohibited by the policy and missing there"),
        (changed("prohibited", columns="age"), "missing there"),
        (changed("prohibited", columns=[1]), "missing there"),
        (changed("schema", unknown_category="unknown"), "unknown_category is 'unknown', the policy says 'refuse'"),
        (changed("schema", unknown_category="whatever"), "none of unknown, refuse"),
        (changed("envelope", loose=True), "parameter 'loose' is on one side only"),
        (wanted()[1:], "demands prohibited, schema, envelope, plausible"),
        (wanted()[::-1], "put the guards consistent, plausible, envelope, schema, prohibited before it"),
        ((*wanted(), GuardOrder("magic")), "magic"),
    ],
)
def test_orders_that_weaken_or_invent_are_refused(ordered: tuple[GuardOrder, ...], said: str) -> None:
    with pytest.raises(PermissionError, match=said):
        agreed(ordered, wanted())


SERVING = ServingTerms(
    largest_rows=100,
    rate=Rate(50.0, 200),
    rules=(BusinessRule("large", (Condition("loan", Holds.ABOVE, 5e5),), Effect.REFER, "Large loans go to a person"),),
    abstain=Abstain(0.05, ("outside-range",)),
    log=LogTerms(WhenFull.SAMPLE, share=0.2),
    review="https://review.example/{decision_id}",
)
TERMS = replace(POLICY, serving=SERVING, guards=("reasons",))


def test_the_terms_of_a_policy_become_guards_in_a_visible_order() -> None:
    before = ["size", "rate", "prohibited", "schema", "envelope", "business"]
    names = [*before, "plausible", "abstain", "consistent", "reasons", "log", "review"]
    assert [guard.name for guard in wanted(TERMS)] == names == list(standing_guards(TERMS))
    told = {guard.name: guard.parameters for guard in wanted(TERMS)}
    assert told["rate"] == {"rows_per_second": 50.0, "burst": 200}
    assert told["business"]["business_rules"][0]["when"] == [{"column": "loan", "holds": "above", "value": 5e5}]
    assert told["log"]["when_full"] == "sample"


@pytest.mark.parametrize(
    ("guard", "parameters", "said"),
    [
        ("size", {"largest_rows": 101}, "the policy says 100 at most"),
        ("size", {"largest_rows": True}, "100 at most"),
        ("rate", {"rows_per_second": 51.0, "burst": 200}, "50.0 at most"),
        ("business", {"business_rules": []}, "business_rules is not what the policy says"),
        ("abstain", {"band": 0.01, "marks": ["outside-range"]}, "band is not what the policy says"),
        ("log", {"when_full": "sample", "wait_seconds": 1.0, "share": 0.0, "personal": []}, "share is not"),
        ("review", {"link": "https://elsewhere.example"}, "link is not"),
    ],
)
def test_orders_cannot_loosen_the_terms_of_a_policy(guard: str, parameters: dict[str, Any], said: str) -> None:
    asks = wanted(TERMS)
    weakened = tuple(GuardOrder(guard, parameters) if each.name == guard else each for each in asks)
    with pytest.raises(PermissionError, match=said):
        agreed(weakened, asks)


def test_orders_may_tighten_rates_and_sizes() -> None:
    asks = wanted(TERMS)
    stricter = tuple(GuardOrder("size", {"largest_rows": 5}) if each.name == "size" else each for each in asks)
    assert agreed(stricter, asks) == stricter


def test_orders_of_before_decisions_were_held_against_scores_get_that_guard_too() -> None:
    older = tuple(guard for guard in wanted() if guard.name != "consistent")
    assert agreed(older, wanted()) == wanted()


def test_the_same_guards_have_the_same_name() -> None:
    assert set_of(wanted()) == set_of(wanted())
    assert set_of(wanted()).name != set_of(changed("envelope", outside_range="refuse")).name
