from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.scene import (
    FACTS_OF_THE_VERSION,
    LIBRARY,
    LIFE,
    NOW,
    POLICY,
    TICK,
    VALIDATOR,
    VERSION,
    approval,
    auc,
    complete,
    entry,
    waiver,
)
from tests.rules.standing.scene import BEFORE, END, case, kind, world

from muster.records.canonical import digest
from muster.records.governance.terms import LapseAction
from muster.records.governance.waivers import WithdrawnWaiver
from muster.records.policy import Requirement
from muster.rules.backtest.trial import answer, terms_of
from muster.rules.standing.judge import judge
from muster.rules.standing.state import State

HOUR = timedelta(hours=1)
MEASURED = NOW - HOUR
KIND = kind()
SIGNED = (*FACTS_OF_THE_VERSION, approval(policy=KIND))


def test_it_stands_until_the_first_thing_falls_out_and_says_what_that_is() -> None:
    found = judge(case(), world(), NOW)

    assert (found.standing.state, found.standing.lapses, found.standing.served) == (State.IN_FORCE, (), True)
    assert found.standing.until == MEASURED + LIFE
    assert {fall.demand for fall in found.falls} == {"discrimination", "no-age", "release"}
    assert found.falls[-1].at == END


def test_what_time_made_lapse_lapsed_at_that_very_moment() -> None:
    ends = MEASURED + LIFE
    assert judge(case(), world(), ends - TICK).standing.state is State.IN_FORCE
    found = judge(case(), world(), ends + 5 * HOUR).standing
    assert (found.state, found.since, found.served) == (State.LAPSED, ends, False)
    assert [lapse.demand for lapse in found.lapses] == ["discrimination", "no-age"]


def test_what_a_record_made_lapse_lapsed_when_it_came() -> None:
    worse = entry(auc(0.5), "robot", NOW + HOUR)
    found = judge(case((*complete(), worse)), world(), NOW + 9 * HOUR).standing
    assert [(lapse.demand, lapse.since) for lapse in found.lapses] == [("discrimination", NOW + HOUR)]


def test_what_was_mended_in_between_lapsed_the_second_time() -> None:
    told = [entry(auc(value), "robot", NOW + n * HOUR) for n, value in ((1, 0.5), (2, 0.8), (3, 0.5))]
    assert judge(case((*complete(), *told)), world(), NOW + 9 * HOUR).standing.since == NOW + 3 * HOUR


def test_a_policy_that_changes_makes_it_lapse_from_then_on() -> None:
    stricter = replace(POLICY, requirements=(*POLICY.requirements, Requirement("discrimination", limit=0.99)))
    found = judge(case(), world((BEFORE, POLICY), (NOW + HOUR, stricter)), NOW + 9 * HOUR).standing
    assert {lapse.demand for lapse in found.lapses} == {"discrimination", "sign-off:risk-analyst"}
    assert {lapse.since for lapse in found.lapses} == {NOW + HOUR}


def test_grace_is_exact_and_its_end_is_told() -> None:
    made, there, lapses = case(SIGNED, KIND), world((BEFORE, KIND)), MEASURED + LIFE
    found = judge(made, there, lapses).standing
    assert (found.state, found.ends, found.stops) == (State.IN_GRACE, lapses + 6 * HOUR, lapses + 6 * HOUR)
    assert judge(made, there, lapses + 6 * HOUR - TICK).standing.served
    over = judge(made, there, lapses + 6 * HOUR).standing
    assert (over.state, over.served, over.stops) == (State.LAPSED, False, None)


def test_an_alert_takes_nothing_out_of_service() -> None:
    policy = kind(LapseAction.ALERT)
    made = case((*FACTS_OF_THE_VERSION, approval(policy=policy)), policy)
    late = judge(made, world((BEFORE, policy)), MEASURED + LIFE + 7 * HOUR).standing
    assert (late.state, late.served, late.stops) == (State.LAPSED, True, None)


def test_no_policy_gives_grace_for_what_was_taken_back() -> None:
    there = world((BEFORE, KIND))
    revoked = judge(case(SIGNED, KIND, revoked=(NOW, "a complaint")), there, NOW + HOUR).standing
    assert (revoked.state, revoked.since, revoked.served, revoked.ends) == (State.REVOKED, NOW, False, None)
    broken = replace(case(SIGNED, KIND), root_at=NOW + HOUR)
    broken = replace(broken, proof=replace(broken.proof, broken="no key"))
    found = judge(broken, there, NOW + 2 * HOUR).standing
    assert (found.state, found.since, found.served) == (State.LAPSED, NOW + HOUR, False)
    unsigned = judge(case(FACTS_OF_THE_VERSION, KIND), there, NOW + HOUR).standing
    assert (unsigned.state, unsigned.served, unsigned.graceless) == (State.LAPSED, False, True)
    assert judge(case(SIGNED, KIND), there, END).standing.state is State.EXPIRED


@pytest.mark.parametrize("role", ["held-out", "window"])
def test_a_waiver_that_was_taken_back_has_no_grace_wherever_its_control_is_measured(role: str) -> None:
    policy = replace(KIND, requirements=(*KIND.requirements, Requirement("discrimination", sample_role=role)))
    low = entry(auc(0.6, sample_role=role, name=f"another {role}"))
    given = entry(waiver(), VALIDATOR)
    facts = (*FACTS_OF_THE_VERSION, low, given)
    held = (*facts, approval(facts, policy=policy))
    there = world((BEFORE, policy))
    assert judge(case(held, policy), there, NOW + HOUR).standing.state is State.IN_FORCE
    ended = entry(WithdrawnWaiver(VERSION, digest(given.to_bytes()), "wrong"), VALIDATOR, NOW + HOUR)
    found = judge(case((*held, ended), policy), there, NOW + 2 * HOUR).standing
    assert (found.state, found.served, found.graceless) == (State.LAPSED, False, True)


@pytest.mark.parametrize(("own", "today"), [(POLICY, kind(LapseAction.ALERT, 900)), (kind(), POLICY)])
def test_of_two_policies_the_stricter_says_what_a_lapse_brings(own: object, today: object) -> None:
    assert own != today
    signed = (*FACTS_OF_THE_VERSION, approval(policy=own))  # type: ignore[arg-type]
    made = case(signed, own)  # type: ignore[arg-type]
    found = judge(made, world((BEFORE, own), (NOW, today)), NOW + HOUR).standing  # type: ignore[arg-type]
    assert (found.state, found.action, found.served) == (State.LAPSED, LapseAction.SUSPEND, False)


def test_where_no_policy_covers_it_nobody_can_tell_and_it_is_not_served() -> None:
    elsewhere = replace(POLICY, environment="staging")
    found = judge(case(), world((BEFORE, POLICY), (NOW + HOUR, replace(POLICY, id="other"))), NOW + 2 * HOUR).standing
    assert (found.state, found.served, found.since) == (State.UNKNOWN, False, NOW + HOUR)
    assert "2 policies cover it (credit, other)" in found.reasons[0]
    assert judge(case(), world((BEFORE, elsewhere)), NOW).standing.state is State.UNKNOWN


def test_gateways_see_only_the_package_so_newer_evidence_does_not_keep_it_in_force() -> None:
    newer = [entry(replace(each), "robot", NOW + 20 * 24 * HOUR) for each in (auc(),)]
    found = judge(case((*complete(), *newer)), world(), NOW + 29 * 24 * HOUR)
    assert found.standing.state is State.IN_FORCE
    worn = [fall for fall in found.falls if fall.demand == "discrimination"]
    assert [fall.at for fall in worn] == [MEASURED + LIFE, NOW + 50 * 24 * HOUR]
    assert "gateways go by what the release package holds" in worn[0].why


def test_a_law_that_comes_into_force_is_foreseen() -> None:
    law = replace(LIBRARY.controls[0], id="law", check="law-check", in_force_from="2026-12-02")
    library = replace(LIBRARY, controls=(*LIBRARY.controls, law))
    policy = replace(POLICY, requirements=(*POLICY.requirements, Requirement("law")))
    there = world((BEFORE, policy), library=library)
    found = judge(case((*FACTS_OF_THE_VERSION, approval(policy=policy)), policy, library), there, NOW)
    assert ("law", "2026-12-02") in {(fall.demand, f"{fall.at:%Y-%m-%d}") for fall in found.falls}


@given(st.integers(-48, 31 * 48), st.booleans())
def test_whatever_the_moment_it_stands_exactly_while_the_gate_allows(halves: int, waived: bool) -> None:
    low = [each for each in FACTS_OF_THE_VERSION if each.body.get("check") != "auc-check"]
    measured = [*low, entry(auc(0.6)), entry(waiver(), VALIDATOR)] if waived else list(FACTS_OF_THE_VERSION)
    made, there, now = case((*measured, approval(measured))), world(), NOW + halves * HOUR / 2
    allowed = not answer(terms_of(POLICY, LIBRARY), made.known, now).open
    found = judge(made, there, now)
    assert (found.standing.state is State.IN_FORCE) == allowed
    if allowed and found.falls:
        assert answer(terms_of(POLICY, LIBRARY), made.known, found.standing.until).open
        assert not answer(terms_of(POLICY, LIBRARY), made.known, found.standing.until - TICK).open
