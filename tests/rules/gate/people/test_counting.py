"""Sign-offs that are lent, tied to conditions, withdrawn, rejected, or signed by the platform."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.assets.verifier import VERIFIER
from tests.rules.scene import (
    ANALYST,
    AUTHOR,
    FACTS_OF_THE_VERSION,
    LIBRARY,
    NOW,
    ORIGIN,
    POLICY,
    QUESTION,
    ROOT,
    TICK,
    VALIDATOR,
    VERSION,
    approval,
    asked,
    entry,
    grant,
    key,
    record,
)

from muster.adapters.signatures import verify
from muster.records.canonical import digest
from muster.records.codec import encode
from muster.records.decision import Approval, Condition, Finding, Verdict
from muster.records.entry import Entry
from muster.records.governance.signoffs import (
    Delegation,
    EndedDelegation,
    MetCondition,
    SignedDelegation,
    SignedRejection,
    WithdrawnSignOff,
)
from muster.records.people import Role
from muster.records.policy import SignOff
from muster.records.trust import Duty
from muster.rules.envelope import IN_TOTO, envelope_text, open_envelope, read_envelope, read_statement, seal, statement
from muster.rules.gate.decide import decide, good_until, record_digest
from muster.rules.gate.facts import gather
from muster.rules.gate.people.signoff import sign_offs
from muster.rules.signing.statements import APPROVAL, DELEGATION, REJECTION

ANALYSTS = SignOff(Role.RISK_ANALYST)
HOUR = timedelta(hours=1)
DAVE = "dave"
"""Holds a key as owner, no other role."""
WIDE = replace(
    ROOT,
    grants=(
        *ROOT.grants,
        grant(Duty.APPROVER, DAVE, Role.OWNER),
        replace(grant(Duty.PLATFORM, Duty.PLATFORM.value)),
    ),
)
LAX = replace(POLICY, own_keys_only=False)


def named(each: Entry) -> str:
    return digest(each.to_bytes())


def lent(to: str = DAVE, *, by: str = ANALYST, signed_with: str = "", **changes: Any) -> Entry:
    said = Delegation(by, to, Role.RISK_ANALYST.value, "loans", NOW - HOUR, NOW + HOUR, ORIGIN)
    said = replace(said, **changes)
    pen = key(signed_with or by)
    sealed = seal(IN_TOTO, statement({"use-case": digest(b"loans")}, DELEGATION, said), [(pen.key, pen.sign)])
    return entry(SignedDelegation("loans", envelope_text(sealed)), by, NOW - HOUR)


def rejection(by: str = ANALYST, role: Role = Role.RISK_ANALYST, **when: Any) -> Entry:
    pen = key(by)
    said = Approval(QUESTION, by, role.value, "", (), "", NOW, "", ORIGIN)
    sealed = seal(IN_TOTO, statement({"model-version": VERSION}, REJECTION, said), [(pen.key, pen.sign)])
    return entry(SignedRejection(VERSION, envelope_text(sealed)), by, **when)


def outcome(*more: Entry, policy: Any = POLICY, now: Any = NOW, root: Any = WIDE) -> tuple[Finding, str]:
    facts = gather(QUESTION, record([*FACTS_OF_THE_VERSION, *more]), root, verify)
    (reason,) = sign_offs(policy, LIBRARY, facts, now)
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


def conditional(due: Any = NOW + HOUR, **more: Any) -> Entry:
    return approval(conditions=(Condition("refresh the data", "omar", due),), **more)


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
    entries = record([*FACTS_OF_THE_VERSION, conditional()])
    facts = gather(QUESTION, entries, WIDE, verify)
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
    facts = gather(
        QUESTION,
        record([*FACTS_OF_THE_VERSION, rejection(VALIDATOR, Role.VALIDATOR), approval(policy=both)]),
        WIDE,
        verify,
    )
    assert {reason.demand: reason.finding for reason in sign_offs(both, LIBRARY, facts, NOW)} == {
        "sign-off:risk-analyst": Finding.MET,
        "sign-off:validator": Finding.NOT_MET,
    }


def platform(by: str = "pia", *, policy: Any = LAX, actor: str = "", **changes: Any) -> Entry:
    signed = approval(by=by, signed_with=Duty.PLATFORM.value, policy=policy, platform=True, origin=ORIGIN, **changes)
    return replace(signed, actor=actor or by)


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


LOAN, LOAN_TO_AUTHOR, SHORT = lent(), lent(AUTHOR), lent(expires_at=NOW)
YES, NO = approval(), rejection(at=NOW)
ON = conditional()
FOR_ANN = approval(by=DAVE, delegation=named(LOAN))
POOL = (
    YES,
    NO,
    ON,
    LOAN,
    SHORT,
    LOAN_TO_AUTHOR,
    FOR_ANN,
    approval(by=DAVE, delegation=named(SHORT)),
    approval(by=AUTHOR, delegation=named(LOAN_TO_AUTHOR)),
    approval(by=VALIDATOR),
    approval(by=AUTHOR),
    rejection(VALIDATOR),
    platform(policy=POLICY),
    platform(ANALYST, policy=POLICY),
    entry(WithdrawnSignOff(VERSION, named(YES), "x"), ANALYST),
    entry(WithdrawnSignOff(VERSION, named(NO), "x"), ANALYST),
    entry(WithdrawnSignOff(VERSION, named(FOR_ANN), "x"), VALIDATOR),
    entry(MetCondition(VERSION, named(ON), 1, "x"), ANALYST),
    entry(EndedDelegation("loans", named(LOAN), "x"), ANALYST, NOW),
)


def _facts(chosen: Iterable[Entry]) -> list[Any]:
    """Return entries as the verifier sees them, after its own verification of signatures."""
    types = {"approval.signed": APPROVAL, "approval.rejected": REJECTION, "approval.delegated": DELEGATION}
    found = []
    for each in [*FACTS_OF_THE_VERSION, *chosen]:
        body = None
        if each.kind in types:
            text = str(each.body["envelope"])
            if not gathered(each):
                continue
            keys = [grant_.key for grant_ in WIDE.grants]
            _, body = read_statement(open_envelope(read_envelope(text), IN_TOTO, keys, verify), types[each.kind])
        whole = {"actor": each.actor, "kind": each.kind, "at": encode(each)["at"], "body": each.body}
        found.append(VERIFIER.fact(whole, each.to_bytes(), body))
    return found


def gathered(each: Entry) -> bool:
    return not gather(QUESTION, record([each]), WIDE, verify).rejected


@given(st.sets(st.integers(0, len(POOL) - 1), max_size=9), st.integers(1, 2), st.sampled_from([NOW, NOW + HOUR]))
def test_the_order_of_entries_never_matters_and_the_verifier_of_dossiers_agrees(
    places: set[int], number: int, now: datetime
) -> None:
    chosen = [POOL[place] for place in sorted(places)]
    policy = replace(POLICY, sign_offs=(SignOff(Role.RISK_ANALYST, number),))
    facts = gather(QUESTION, record([*FACTS_OF_THE_VERSION, *chosen]), WIDE, verify)
    # They were signed under the policy of the scene; as if under that of the trial, so that all else is tried.
    signed = tuple(replace(f, record=replace(f.record, policy=record_digest(policy))) for f in facts.approvals)
    facts = replace(facts, approvals=signed)
    (reason,) = sign_offs(policy, LIBRARY, facts, now)
    turned = {name: getattr(facts, name)[::-1] for name in ("approvals", "rejections", "withdrawals", "delegations")}
    assert next(iter(sign_offs(policy, LIBRARY, replace(facts, **turned), now))) == reason
    told = [
        each._replace(body={**each.body, "policy": record_digest(policy)}) if each.kind == "approval.signed" else each
        for each in _facts(chosen)
    ]
    known = VERIFIER.heard(encode(policy), encode(QUESTION), told)
    found = list(VERIFIER.sign_offs(encode(policy), encode(LIBRARY), known, now))
    assert found == [(reason.demand, reason.finding.value)]
