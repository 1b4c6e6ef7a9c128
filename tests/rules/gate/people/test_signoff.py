"""Who may sign, and what a signature covers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.scene import (
    ANALYST,
    AUTHOR,
    FACTS_OF_THE_VERSION,
    LIBRARY,
    NOW,
    POLICY,
    QUESTION,
    ROOT,
    VALIDATOR,
    VERSION,
    approval,
    grant,
    record,
)

from muster.adapters.signatures import verify
from muster.records.decision import Finding, Question
from muster.records.people import Role
from muster.records.policy import SignOff
from muster.records.trust import Duty
from muster.rules.gate.decide import record_digest
from muster.rules.gate.facts import Facts, gather
from muster.rules.gate.people.signoff import objections, sign_offs

PEOPLE = ["p1", "p2", "p3", "p4"]
ROLES = [Role.RISK_ANALYST, Role.VALIDATOR, Role.OWNER]


def facts(*approvals: Any, root: Any = ROOT) -> Facts:
    return gather(QUESTION, record([*FACTS_OF_THE_VERSION, *approvals]), root, verify)


def outcome(*approvals: Any, root: Any = ROOT, policy: Any = POLICY) -> Finding:
    (reason,) = sign_offs(policy, LIBRARY, facts(*approvals, root=root), NOW)
    return reason.finding


def test_the_approver_named_in_the_trust_root_signs() -> None:
    assert outcome(approval()) is Finding.MET


@pytest.mark.parametrize(
    "change",
    [
        {"policy": replace(POLICY, statement="an older text")},
        {"library": record_digest(replace(LIBRARY, controls=LIBRARY.controls[:1]))},
        {"library": ""},
        {"question": Question(VERSION, "loans", "staging")},
        {"question": Question(VERSION, "loans", "production", "shadow")},
        {"question": Question(VERSION, "mortgages", "production")},
        {"question": Question("sha256:other", "loans", "production")},
        {"evidence": ("sha256:unseen",)},
        {"evidence": ()},
        {"by": AUTHOR},
        {"by": "stranger"},
        {"signed_with": VALIDATOR},
        {"signed_with": "stranger"},
        {"signed_with": Duty.RELEASE.value},
        {"role": Role.EXECUTIVE.value},
        {"approver": "nobody"},
        {"approver": VALIDATOR},
    ],
)
def test_an_approval_of_anything_else_or_by_anyone_else_does_not_count(change: dict[str, Any]) -> None:
    assert outcome(approval(**change)) is Finding.MISSING


def test_why_an_approval_does_not_count_is_said() -> None:
    said = [
        text
        for wrong in (approval(by=AUTHOR), approval(library=""), approval(signed_with="stranger"))
        for text in objections(POLICY, LIBRARY, facts(wrong), NOW)
    ]

    assert "is an author" in said[0]
    assert "library of controls" in said[1]
    assert "trusted keys signed this" in said[2]


def test_an_author_may_sign_only_where_the_policy_says_so() -> None:
    lax = replace(POLICY, separation_of_duties=False)

    assert outcome(approval(by=AUTHOR)) is Finding.MISSING
    assert outcome(approval(by=AUTHOR, policy=lax), policy=lax) is Finding.MET


def test_a_key_counts_only_for_the_role_that_the_root_gives() -> None:
    as_validator = approval(by=VALIDATOR, role=Role.VALIDATOR.value)
    wanted = replace(POLICY, sign_offs=(SignOff(Role.VALIDATOR),))
    of_analyst = approval(role=Role.VALIDATOR.value, policy=wanted)

    assert outcome(as_validator) is Finding.MISSING
    assert outcome(approval(by=VALIDATOR, role=Role.VALIDATOR.value, policy=wanted), policy=wanted) is Finding.MET
    assert outcome(of_analyst, policy=wanted) is Finding.MISSING


def test_a_key_withdrawn_from_the_root_no_longer_counts() -> None:
    without = replace(ROOT, grants=tuple(each for each in ROOT.grants if each.actor != ANALYST))

    assert outcome(approval(), root=without) is Finding.MISSING


def test_one_person_with_two_keys_is_one_person() -> None:
    second = replace(grant(Duty.APPROVER, "ann-2", Role.RISK_ANALYST), actor=ANALYST)
    root = replace(ROOT, grants=(*ROOT.grants, second))
    two = replace(POLICY, sign_offs=(SignOff(Role.RISK_ANALYST, 2),))

    assert outcome(approval(policy=two), approval(signed_with="ann-2", policy=two), root=root, policy=two) is (
        Finding.MISSING
    )


def test_one_person_cannot_fill_two_seats() -> None:
    both = replace(POLICY, sign_offs=(SignOff(Role.RISK_ANALYST), SignOff(Role.VALIDATOR)))
    signed = [approval(by=VALIDATOR, policy=both, role=role.value) for role in (Role.RISK_ANALYST, Role.VALIDATOR)]

    def missing(*approvals: Any) -> int:
        reasons = sign_offs(both, LIBRARY, facts(*approvals), NOW)
        return sum(reason.finding is Finding.MISSING for reason in reasons)

    assert missing(*signed) == 1
    assert missing(*signed, approval(policy=both)) == 0


def _seated(seats: list[Role], people: dict[str, frozenset[Role]]) -> bool:
    """Whether everybody can be seated, by trying."""
    if not seats:
        return True
    return any(
        seats[0] in roles and _seated(seats[1:], {p: r for p, r in people.items() if p != person})
        for person, roles in people.items()
    )


@given(
    st.dictionaries(st.sampled_from(PEOPLE), st.frozensets(st.sampled_from(ROLES), min_size=1)),
    st.lists(st.sampled_from(ROLES), min_size=1, max_size=4),
)
def test_seats_are_filled_whenever_they_can_be(people: dict[str, frozenset[Role]], seats: list[Role]) -> None:
    policy = replace(POLICY, sign_offs=tuple(SignOff(role) for role in seats))
    template = facts(approval(policy=policy)).approvals[0]
    signed = tuple(
        replace(template, record=replace(template.record, approver=person, role=role.value), digest=f"{person}{role}")
        for person, roles in people.items()
        for role in roles
    )

    reasons = list(sign_offs(policy, LIBRARY, replace(facts(), approvals=signed), NOW))

    assert all(reason.finding is Finding.MET for reason in reasons) == _seated(seats, people)
