from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.rules.scene import LIBRARY, POLICY, asked, complete

from muster.records.decision import Finding
from muster.records.policy import Library, Policy
from muster.records.release import GuardOrder
from muster.rules.gate.guarding import PROHIBITION, agreed, demanded, set_of

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
        (wanted()[::-1], "put the guards plausible, envelope, schema, prohibited before it"),
        ((*wanted(), GuardOrder("magic")), "magic"),
    ],
)
def test_orders_that_weaken_or_invent_are_refused(ordered: tuple[GuardOrder, ...], said: str) -> None:
    with pytest.raises(PermissionError, match=said):
        agreed(ordered, wanted())


def test_the_same_guards_have_the_same_name() -> None:
    assert set_of(wanted()) == set_of(wanted())
    assert set_of(wanted()).name != set_of(changed("envelope", outside_range="refuse")).name
