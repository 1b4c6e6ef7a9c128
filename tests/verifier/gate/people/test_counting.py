"""Which sign-offs count, for the verifier as for the gate; tests/rules/gate/people/test_counting.py asks both, too."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.rules.gate.people.signed import DAVE, HOUR, LAX, WIDE, conditional, lent, named, platform, rejection
from tests.rules.scene import (
    ANALYST,
    AUC,
    AUTHOR,
    FACTS_OF_THE_VERSION,
    INPUTS,
    LIBRARY,
    NOW,
    POLICY,
    TICK,
    VALIDATOR,
    VERSION,
    approval,
    auc,
    entry,
    inputs,
    waiver,
    without,
)  # fmt: skip
from tests.verifier.agreeing import outcome

from muster.records.canonical import canonical, digest
from muster.records.codec import encode
from muster.records.entry import Entry
from muster.records.governance.signoffs import EndedDelegation, MetCondition, WithdrawnSignOff
from muster.records.governance.terms import Selector
from muster.records.people import Role
from muster.records.policy import Requirement, SignOff
from muster.rules.gate.decide import record_digest
from muster.verifier.gate.facts import Fact
from muster.verifier.gate.people.counting import counts

DEMAND = "sign-off:risk-analyst"
OTHER = digest(b"other")


def found(*more: Entry, facts: Any = FACTS_OF_THE_VERSION, **options: Any) -> str:
    return outcome([*facts, *more], DEMAND, **{"root": WIDE, **options})


@pytest.mark.parametrize(
    ("signed", "came_out"),
    [
        (approval(), "met"),
        (approval(by=VALIDATOR), "met"),
        (approval(by=AUTHOR), "missing"),
        (approval(policy=replace(POLICY, statement="Another.")), "missing"),
        (approval(library=OTHER), "missing"),
        (approval(evidence=()), "missing"),
        (approval(without("evidence.recorded")), "missing"),
        (approval([entry(auc())]), "missing"),
        (approval([entry(inputs())]), "missing"),
        (approval([*FACTS_OF_THE_VERSION, entry(auc(0.9))]), "missing"),
        (approval(role="validator"), "missing"),
        (approval(signed_with=VALIDATOR), "missing"),
    ],
)
def test_it_is_by_no_maker_under_these_rules_on_what_was_seen(signed: Entry, came_out: str) -> None:
    assert found(signed) == came_out


def test_a_maker_may_where_duties_are_not_separate() -> None:
    lax = replace(POLICY, separation_of_duties=False)
    assert found(approval(by=AUTHOR, policy=lax), policy=lax) == "met"


def test_what_was_waived_or_is_not_for_the_use_case_need_not_be_seen() -> None:
    seen = [entry(inputs())]
    told = [*without("evidence.recorded", "approval.signed"), *seen]
    assert found(approval(seen), facts=told) == "missing"
    assert found(approval(seen), entry(waiver(), ANALYST), facts=told) == "met"
    library = replace(LIBRARY, controls=(replace(AUC, applies_to=Selector(domains=("insurance",))), INPUTS))
    assert found(approval(seen, library=record_digest(library)), facts=told, library=library) == "met"
    window = replace(POLICY, requirements=(Requirement("no-age"), Requirement("discrimination", sample_role="window")))
    assert found(approval(seen, policy=window), facts=told, policy=window) == "met"


@pytest.mark.parametrize(
    ("changes", "came_out"),
    [
        ({}, "met"),
        ({"role": Role.OWNER.value}, "missing"),
        ({"use_case": "cards"}, "missing"),
        ({"to": VALIDATOR}, "missing"),
        ({"by": AUTHOR}, "missing"),
        ({"signed_with": DAVE}, "missing"),
        ({"origin": "elsewhere"}, "missing"),
        ({"expires_at": NOW}, "missing"),
        ({"expires_at": NOW + TICK}, "met"),
        ({"signed_at": NOW}, "met"),
        ({"signed_at": NOW + TICK}, "missing"),
    ],
)
def test_a_role_is_lent_to_one_person_for_one_use_case_for_a_time(changes: dict[str, Any], came_out: str) -> None:
    loan = lent(**changes)
    assert found(loan, approval(by=DAVE, delegation=named(loan))) == came_out


def test_a_role_that_is_held_needs_no_loan_and_one_that_is_not_needs_it() -> None:
    assert found(lent(), approval(by=DAVE)) == "missing"
    assert found(approval(by=DAVE, delegation=OTHER)) == "missing"


def test_the_entry_itself_is_written_while_the_loan_lasts() -> None:
    loan = lent()
    signed = approval(by=DAVE, delegation=named(loan))
    assert found(loan, replace(signed, at=NOW + HOUR - TICK), now=NOW + HOUR) == "met"
    assert found(loan, replace(signed, at=NOW + HOUR), now=NOW + HOUR) == "missing"


def test_a_loan_ends_before_its_time_for_what_comes_after() -> None:
    loan = lent()
    signed = replace(approval(by=DAVE, delegation=named(loan)), at=NOW)
    for at, came_out in ((NOW, "missing"), (NOW + TICK, "met"), (NOW - TICK, "missing")):
        assert found(loan, signed, entry(EndedDelegation("loans", named(loan), "x"), ANALYST, at)) == came_out
    assert found(loan, signed, entry(EndedDelegation("loans", OTHER, "x"), ANALYST, NOW - TICK)) == "met"
    assert found(loan, signed, entry(EndedDelegation("cards", named(loan), "x"), ANALYST, NOW - TICK)) == "met"


def test_no_role_of_a_maker_is_lent_and_none_to_a_maker() -> None:
    for loan, by in ((lent(by=AUTHOR), DAVE), (lent(AUTHOR), AUTHOR)):
        assert found(loan, approval(by=by, delegation=named(loan))) == "missing"
    lax = replace(POLICY, separation_of_duties=False)
    loan = lent(by=AUTHOR)
    assert found(loan, approval(by=DAVE, delegation=named(loan), policy=lax), policy=lax) == "met"


def test_whoever_lends_and_whoever_borrows_fill_one_seat() -> None:
    two = replace(POLICY, sign_offs=(SignOff(Role.RISK_ANALYST, 2),))
    loan = lent()
    for_ann = approval(by=DAVE, delegation=named(loan), policy=two)
    assert found(loan, for_ann, approval(policy=two), policy=two) == "missing"
    assert found(loan, for_ann, approval(by=VALIDATOR, policy=two), policy=two) == "met"
    other = lent(VALIDATOR)
    for_ann_too = approval(by=VALIDATOR, delegation=named(other), policy=two)
    assert found(loan, other, for_ann, for_ann_too, policy=two) == "missing", "two sign for one"
    for_vic = lent(by=VALIDATOR)
    again = approval(by=DAVE, delegation=named(for_vic), policy=two)
    own = approval(policy=two), approval(by=VALIDATOR, policy=two)
    assert found(loan, for_vic, for_ann, again, *own, policy=two) == "met", "who signs themselves needs nobody"
    assert found(loan, for_vic, for_ann, again, policy=two) == "missing"
    parted = replace(POLICY, sign_offs=(SignOff(Role.RISK_ANALYST), SignOff(Role.RISK_ANALYST)))
    assert found(approval(policy=parted), policy=parted) == "missing"
    assert found(approval(policy=parted), approval(by=VALIDATOR, policy=parted), policy=parted) == "met"


@pytest.mark.parametrize(("by", "came_out"), [(ANALYST, "missing"), (VALIDATOR, "met"), ("omar", "met")])
def test_it_is_taken_back_by_whoever_signed_it(by: str, came_out: str) -> None:
    signed = approval()
    assert found(signed, entry(WithdrawnSignOff(VERSION, named(signed), "x"), by)) == came_out
    assert found(signed, entry(WithdrawnSignOff(VERSION, OTHER, "x"), by)) == "met"


@pytest.mark.parametrize(("by", "came_out"), [(ANALYST, "missing"), (DAVE, "missing"), (VALIDATOR, "met")])
def test_it_is_taken_back_by_whoever_lent_the_role(by: str, came_out: str) -> None:
    loan = lent()
    signed = approval(by=DAVE, delegation=named(loan))
    assert found(loan, signed, entry(WithdrawnSignOff(VERSION, named(signed), "x"), by)) == came_out


def test_a_rejection_is_taken_back_by_whoever_rejected() -> None:
    no = rejection(at=NOW)
    for by, came_out in ((VALIDATOR, "not-met"), (ANALYST, "met")):
        assert found(approval(), no, entry(WithdrawnSignOff(VERSION, named(no), "x"), by, NOW)) == (
            came_out if by == ANALYST else "not-met"
        )


def test_a_rejection_stands_until_the_same_seat_approves_later() -> None:
    no = rejection(at=NOW)
    assert found(approval(), no) == "not-met"
    assert found(approval(by=VALIDATOR), no) == "not-met"
    assert found(no, replace(approval(), at=NOW + TICK), now=NOW + TICK) == "met"
    assert found(no, replace(approval(by=VALIDATOR), at=NOW + TICK), now=NOW + TICK) == "not-met"
    other = rejection(VALIDATOR, Role.VALIDATOR, at=NOW)
    assert found(approval(), approval(by=VALIDATOR), other) == "met", "another role is another seat"
    mine = rejection(VALIDATOR, at=NOW)
    assert found(approval(), approval(by=VALIDATOR), mine) == "not-met"


def test_a_condition_holds_until_it_is_due_or_met_by_whoever_set_it() -> None:
    signed = conditional()
    for now, came_out in ((NOW, "met"), (NOW + HOUR - TICK, "met"), (NOW + HOUR, "missing")):
        assert found(signed, now=now) == came_out
    for about, number, by, came_out in (
        (named(signed), 1, ANALYST, "met"),
        (named(signed), 2, ANALYST, "missing"),
        (named(signed), 1, VALIDATOR, "missing"),
        (OTHER, 1, ANALYST, "missing"),
    ):
        met = entry(MetCondition(VERSION, about, number, "x"), by)
        assert found(signed, met, now=NOW + HOUR) == came_out
    assert found(conditional(NOW + timedelta(days=3)), now=NOW + HOUR) == "met"


def test_the_platform_signs_where_the_policy_says_so_for_who_has_no_key() -> None:
    assert found(platform(), policy=LAX) == "met"
    assert found(platform(policy=POLICY)) == "missing"
    assert found(platform(ANALYST), policy=LAX) == "missing"
    assert found(platform(actor="omar"), policy=LAX) == "missing"
    assert found(platform(delegation=OTHER), policy=LAX) == "missing"


def test_a_trial_need_be_seen_only_where_the_version_shall_serve_everybody() -> None:
    tried = {"control": "no-age", "sample_role": "trial"}
    policy = {**encode(POLICY), "requirements": [*encode(POLICY)["requirements"][:1], tried]}
    rules = {"policy": digest(canonical(policy)), "library": record_digest(LIBRARY)}
    known = {"evidence.recorded": [Fact("evidence.recorded", {"check": "auc-check"}, "seen", "bob", False, NOW)]}
    for scope, holds in (("serve", False), ("trial", True), ("shadow", True)):
        said = {"approver": ANALYST, "evidence": ["seen"], "question": {"scope": scope}, **rules}
        assert (
            counts(Fact("approval.signed", said, "d", ANALYST, False, NOW), policy, encode(LIBRARY), known, NOW)
            == holds
        )
