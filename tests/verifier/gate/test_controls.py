"""The verifier knows days, as the gate does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.rules.scene import AUC, FACTS_OF_THE_VERSION, INPUTS, NOW, POLICY, QUESTION, ROOT, USE_CASE, approval
from tests.verifier.agreeing import agree

from muster.records.codec import encode
from muster.records.policy import Control, Library, Requirement
from muster.rules.gate.decide import record_digest
from muster.verifier.gate.controls import asked_in, demands_of, outlived, spared, untimely
from muster.verifier.gate.facts import Fact

TODAY, TOMORROW = (f"{NOW + timedelta(days=days):%Y-%m-%d}" for days in (0, 1))
UNMEASURED = [each for each in FACTS_OF_THE_VERSION if each.body.get("check") != AUC.check]


@pytest.mark.parametrize(
    ("controls", "verdict"),
    [
        ((replace(AUC, in_force_from=TOMORROW), INPUTS), "allow"),
        ((replace(AUC, in_force_from=TODAY), INPUTS), "refuse"),
        ((replace(AUC, in_force_until=TODAY), INPUTS), "allow"),
        ((replace(AUC, in_force_until=TOMORROW), INPUTS), "refuse"),
        ((replace(AUC, in_force_until=TODAY), INPUTS, replace(AUC, id="newer", supersedes=(AUC.id,))), "refuse"),
        ((replace(AUC, in_force_from=TOMORROW), replace(INPUTS, in_force_from=TOMORROW)), "refuse"),
    ],
)
def test_it_decides_as_the_gate_does_where_controls_have_days(controls: tuple[Control, ...], verdict: str) -> None:
    library = Library("muster", controls)
    signed = approval(UNMEASURED, library=record_digest(library))
    assert agree(POLICY, library, QUESTION, [*UNMEASURED, signed], ROOT) == verdict


def test_one_that_came_in_the_place_of_another_closes_the_hole() -> None:
    newer = replace(AUC, id="newer", supersedes=(AUC.id,))
    library = Library("muster", (replace(AUC, in_force_until=TODAY), INPUTS, newer))
    policy = replace(POLICY, requirements=(*POLICY.requirements, Requirement("newer")))
    signed = approval(library=record_digest(library), policy=policy)
    assert agree(policy, library, QUESTION, [*FACTS_OF_THE_VERSION, signed], ROOT) == "allow"


BOTH = {"requirements": [{"control": "a", "sample_role": "held-out"}, {"control": "b", "sample_role": "trial"}]}


def test_trials_are_asked_only_of_what_shall_serve_everybody() -> None:
    assert [each["control"] for each in demands_of(BOTH)] == ["a", "b"]
    assert [each["control"] for each in demands_of(BOTH, "serve")] == ["a", "b"]
    for scope in ("shadow", "trial"):
        watched = {**BOTH, "monitors": [{"control": "c", "every_days": 7}]}
        assert [each["control"] for each in demands_of(watched, scope)] == ["a", "c"]
        assert not asked_in({"sample_role": "trial"}, scope)
        assert asked_in({"sample_role": "window"}, scope)
    assert demands_of({**BOTH, "monitors": [{"control": "c", "every_days": 7}]})[2] == {
        "control": "c", "every_days": 7, "sample_role": "window", "maximum_age_days": 7}  # fmt: skip


@pytest.mark.parametrize(
    ("days", "untimely_"),
    [
        ({}, False),
        ({"in_force_from": TODAY}, False),
        ({"in_force_from": TOMORROW}, True),
        ({"in_force_until": TODAY}, True),
        ({"in_force_until": TOMORROW}, False),
        ({"in_force_from": TODAY, "in_force_until": TOMORROW}, False),
    ],
)
def test_a_control_is_in_force_from_its_first_day_until_its_last(days: dict[str, str], untimely_: bool) -> None:
    assert untimely(days, NOW) == untimely_


def test_what_was_superseded_is_missed_only_where_it_was_asked_for_and_is_over() -> None:
    over, heir = {"id": "old", "in_force_until": TODAY}, {"id": "new", "supersedes": ["old"]}
    policy = {"requirements": [{"control": "old"}, {"control": "other"}]}
    other = {"id": "other"}

    def found(*controls: dict[str, object], asked: object = policy) -> list[tuple[str, str]]:
        return outlived(asked, {"controls": [*controls]}, NOW)

    assert found(over, heir, other) == [("old", "unknown")]
    assert found(over, other) == []
    assert found({**over, "in_force_until": TOMORROW}, heir, other) == []
    assert found({"id": "old"}, heir, other) == []
    assert found(over, heir, other, asked={"requirements": [{"control": "other"}]}) == []
    assert found(over, heir, other, asked={"requirements": [*policy["requirements"], {"control": "new"}]}) == []
    assert found(over, {"id": "new", "supersedes": ["none"]}, other) == []


def test_a_policy_of_which_nothing_is_in_force_demands_nothing_and_so_is_unknown() -> None:
    asked = {"requirements": [{"control": "a"}, {"control": "b"}]}
    off, on = {"in_force_from": TOMORROW}, {}
    for first, second, came_out in ((off, off, [("requirements", "unknown")]), (off, on, []), (on, on, [])):
        assert outlived(asked, {"controls": [{"id": "a", **first}, {"id": "b", **second}]}, NOW) == came_out
    assert outlived(asked, {"controls": []}, NOW) == []
    assert outlived({"requirements": []}, {"controls": []}, NOW) == []


def test_a_control_is_for_the_use_case_as_it_was_registered_last() -> None:
    case = encode(USE_CASE)

    def known(*domains: str) -> dict[str, list[Fact]]:
        told = [Fact("use-case.registered", {**case, "domain": each}, each, "o", False, NOW + timedelta(days=place))
                for place, each in enumerate(domains)]  # fmt: skip
        return {"use-case.registered": told}

    loans = {"applies_to": {"domains": ["consumer-credit"]}}
    assert not spared({}, known("insurance"), NOW)
    assert not spared(loans, known("consumer-credit"), NOW)
    assert spared(loans, known("insurance"), NOW)
    assert spared(loans, known("consumer-credit", "insurance"), NOW)
    assert not spared(loans, known("insurance", "consumer-credit"), NOW)
    assert not spared(loans, {}, NOW), "where there is no use case, nothing is spared"
    assert spared({"in_force_from": TOMORROW}, {}, NOW)
