"""Sign-offs that are lent, tied to conditions, withdrawn, rejected, or signed by the platform."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.rules.gate.people.signed import (
    ANALYSTS,
    DAVE,
    HOUR,
    LAX,
    WIDE,
    conditional,
    heard,
    lent,
    named,
    platform,
    rejection,
)
from tests.rules.scene import (
    ANALYST,
    AUTHOR,
    FACTS_OF_THE_VERSION,
    LIBRARY,
    NOW,
    POLICY,
    QUESTION,
    ROOT,
    TICK,
    VALIDATOR,
    VERSION,
    approval,
    asked,
    entry,
)
from tests.verifier.agreeing import sign_offs_told

from muster.records.canonical import digest
from muster.records.decision import Finding, Verdict
from muster.records.entry import Entry
from muster.records.governance.signoffs import (
    EndedDelegation,
    MetCondition,
    WithdrawnSignOff,
)
from muster.records.people import Role
from muster.records.policy import SignOff
from muster.records.trust import Duty
from muster.rules.gate.decide import decide, good_until
from muster.rules.gate.people.signoff import sign_offs


def outcome(*more: Entry, policy: Any = POLICY, now: Any = NOW, root: Any = WIDE) -> tuple[Finding, str]:
    (reason,) = sign_offs(policy, LIBRARY, heard(*more, root=root), now)
    again = sign_offs_told(policy, LIBRARY, [*FACTS_OF_THE_VERSION, *more], root, now)
    assert again == [(reason.demand, reason.finding.value)], "the verifier of dossiers says otherwise"
    return reason.finding, reason.explanation


def refused(*more: Entry, **options: Any) -> str:
    finding, why = outcome(*more, **options)
    assert finding is not Finding.MET
    return why


def test_who_was_lent_a_role_signs_in_it_and_it_is_said() -> None:
    loan = lent()
    finding, why = outcome(loan, approval(by=DAVE, delegation=named(loan)))
    assert finding is Finding.MET
    assert why == "signed by dave for ann (own key)"


def test_a_role_that_nobody_lent_is_not_held() -> None:
    assert "gives 'dave' no key for the role risk-analyst" in refused(approval(by=DAVE))
    said = "dave signed in a role that nobody lent them for use case 'loans'"
    assert said in refused(approval(by=DAVE, delegation=digest(b"none")))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"use_case": "cards"}, "nobody lent them for use case 'loans'"),
        ({"role": Role.OWNER.value}, "nobody lent them"),
        ({"origin": "elsewhere/house"}, "nobody lent them"),
        ({"signed_with": "stranger"}, "nobody lent them"),
        ({"signed_with": DAVE}, "nobody lent them"),
        ({"by": AUTHOR}, "bob is an author of this version and may lend nobody a role to sign it off"),
        ({"to": VALIDATOR}, "is for vic"),
        ({"expires_at": NOW}, "had expired"),
        ({"signed_at": NOW + TICK}, "had expired"),
    ],
)
def test_a_delegation_that_is_not_for_this_lets_nobody_sign(changes: dict[str, Any], said: str) -> None:
    loan = lent(**changes)
    assert said in refused(loan, approval(by=DAVE, delegation=named(loan)))


def test_a_role_is_lent_to_no_author() -> None:
    loan = lent(AUTHOR)
    assert "bob is an author of this version" in refused(loan, approval(by=AUTHOR, delegation=named(loan)))


def test_what_was_signed_before_a_delegation_ended_stays_and_nothing_after() -> None:
    loan = lent()
    signed = approval(by=DAVE, delegation=named(loan))  # written an hour ago, as all entries of the scene are
    over = EndedDelegation("loans", named(loan), "back")
    assert outcome(loan, signed, entry(over, ANALYST, NOW))[0] is Finding.MET
    assert "after the end of the role risk-analyst that ann lent" in refused(loan, signed, entry(over, ANALYST))
    late = NOW + HOUR + TICK
    assert outcome(loan, signed, now=late)[0] is Finding.MET, "the loan is over, but it was signed in time"


def test_who_lends_and_who_borrows_have_one_seat() -> None:
    two = replace(POLICY, sign_offs=(SignOff(Role.RISK_ANALYST, 2),))
    loan = lent()
    both = (loan, approval(policy=two), approval(by=DAVE, delegation=named(loan), policy=two))
    assert "1 sign-off of a risk-analyst is missing" in refused(*both, policy=two)
    third = approval(by=VALIDATOR, policy=two)
    assert outcome(*both, third, policy=two)[0] is Finding.MET
    second = lent(VALIDATOR)
    again = (
        loan,
        second,
        *(approval(by=p, delegation=named(e), policy=two) for p, e in ((DAVE, loan), (VALIDATOR, second))),
    )
    assert "1 sign-off" in refused(*again, policy=two), "two who sign for one"


def test_what_was_lent_cannot_be_lent_on() -> None:
    loan = lent()
    chain = lent(VALIDATOR, by=DAVE)
    assert "nobody lent them" in refused(
        loan, chain, approval(by=VALIDATOR, role="risk-analyst", delegation=named(chain))
    )


def test_a_condition_is_shown_until_it_is_met_and_ends_the_sign_off_once_overdue() -> None:
    signed = conditional()
    assert outcome(signed)[1].endswith("on condition: refresh the data (omar, by 2026-11-23)")
    assert outcome(signed, now=NOW + HOUR - TICK)[0] is Finding.MET
    assert "on condition that omar sees to: refresh the data; it was due" in refused(signed, now=NOW + HOUR)
    met = entry(MetCondition(VERSION, named(signed), 1, "done"), ANALYST)
    assert outcome(signed, met, now=NOW + HOUR) == (Finding.MET, "signed by ann (own key)")


@pytest.mark.parametrize(("number", "by"), [(2, ANALYST), (1, AUTHOR), (1, "omar"), (1, VALIDATOR)])
def test_only_whoever_set_a_condition_says_that_it_is_met(number: int, by: str) -> None:
    signed = conditional()
    met = entry(MetCondition(VERSION, named(signed), number, "done"), by)
    assert "sees to" in refused(signed, met, now=NOW + HOUR)


def test_a_decision_is_good_until_its_first_open_condition_is_due() -> None:
    facts = heard(conditional())
    decision = decide(POLICY, LIBRARY, QUESTION, facts, NOW)
    assert decision.verdict is Verdict.ALLOW
    assert min(good_until(POLICY, facts, decision)) == NOW + HOUR


def test_a_sign_off_that_was_withdrawn_does_not_count() -> None:
    signed = approval()
    back = WithdrawnSignOff(VERSION, named(signed), "the figures were wrong")
    assert "ann withdrew the sign-off" in refused(signed, entry(back, ANALYST))
    assert outcome(signed, entry(back, VALIDATOR))[0] is Finding.MET, "nobody else takes it back"
    loan = lent()
    for_ann = approval(by=DAVE, delegation=named(loan))
    back = replace(back, approval=named(for_ann))
    assert "withdrew" in refused(loan, for_ann, entry(back, ANALYST)), "whoever lent the role may"


def test_a_rejection_blocks_until_it_is_withdrawn_or_the_same_person_approves() -> None:
    no = rejection(at=NOW)
    assert "rejected by ann on 2026-11-23" in refused(no)
    assert asked([*FACTS_OF_THE_VERSION, no, approval(by=VALIDATOR)], root=WIDE).verdict is Verdict.REFUSE
    assert outcome(no, approval())[0] is Finding.NOT_MET, "what was approved before"
    later = Entry(**{**{name: getattr(approval(), name) for name in Entry.__slots__}, "at": NOW + TICK})
    assert outcome(no, later)[0] is Finding.MET
    back = entry(WithdrawnSignOff(VERSION, named(no), "mended"), ANALYST, NOW + TICK)
    assert outcome(no, back)[0] is Finding.MISSING
    assert outcome(no, back, approval(by=VALIDATOR))[0] is Finding.MET


def test_an_emergency_or_another_role_does_not_get_past_a_rejection() -> None:
    both = replace(POLICY, sign_offs=(ANALYSTS, SignOff(Role.VALIDATOR)))
    facts = heard(rejection(VALIDATOR, Role.VALIDATOR), approval(policy=both))
    assert {reason.demand: reason.finding for reason in sign_offs(both, LIBRARY, facts, NOW)} == {
        "sign-off:risk-analyst": Finding.MET,
        "sign-off:validator": Finding.NOT_MET,
    }


def test_the_platform_signs_for_people_without_a_key_where_the_policy_says_so() -> None:
    assert outcome(platform(), policy=LAX) == (Finding.MET, "signed by pia (by the platform in their name)")
    assert "counts no signature of the platform (own_keys_only)" in refused(platform(policy=POLICY))


@pytest.mark.parametrize(
    ("signed", "said"),
    [
        (platform(ANALYST), "ann has a key of their own: the platform signs nothing in their name"),
        (platform(actor="local:pia"), "but let in local:pia"),
        (platform(actor="pia/nightly"), "but let in pia/nightly"),
        (platform(actor="omar"), "but let in omar"),
        (platform(delegation=digest(b"x")), "but let in pia"),
        (approval(by="pia", signed_with="stranger", platform=True, policy=LAX), "trusted keys signed this"),
        (approval(by="pia", signed_with=Duty.PLATFORM.value, policy=LAX), "trusted keys signed this"),
        (approval(by="pia", signed_with=ANALYST, platform=True, policy=LAX), "trusted keys signed this"),
    ],
)
def test_the_platform_signs_for_nobody_else(signed: Entry, said: str) -> None:
    assert said in refused(signed, policy=LAX)


def test_a_house_without_a_platform_key_counts_no_such_signature() -> None:
    assert "trusted keys signed this" in refused(platform(), policy=LAX, root=ROOT)


def test_a_rejection_is_no_approval_and_an_approval_no_rejection() -> None:
    as_approval = replace(approval(), kind="approval.rejected")
    as_rejection = replace(rejection(), kind="approval.signed")
    assert outcome(as_approval)[0] is Finding.MISSING
    assert outcome(as_rejection)[0] is Finding.MISSING
