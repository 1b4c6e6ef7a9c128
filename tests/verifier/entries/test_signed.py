"""The verifier on what people signed: each with a key that the trust root of its time gives them for just that."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

import pytest
from tests.rules.gate.people.signed import DAVE, LAX, WIDE, lent, named, platform, rejection
from tests.rules.gate.people.test_emergency import URGENT, leave
from tests.rules.scene import (
    ANALYST,
    FACTS_OF_THE_VERSION,
    NOW,
    ORIGIN,
    POLICY,
    QUESTION,
    ROOT,
    VALIDATOR,
    VERSION,
    approval,
    entry,
    grant,
    key,
)  # fmt: skip
from tests.verifier.forged import TOLD, Forged, published

from muster.records.adoption.policies import PolicyApproval, SignedPolicy
from muster.records.canonical import digest
from muster.records.decision import SignedApproval
from muster.records.entry import Entry
from muster.records.governance.emergency import SignedEmergency
from muster.records.governance.signoffs import SignedDelegation
from muster.records.people import Role
from muster.records.policy import Policy
from muster.records.trust import Duty, TrustRoot
from muster.rules.envelope import IN_TOTO, envelope_text, read_envelope, seal, statement
from muster.rules.gate.adopted import POLICY_APPROVAL
from muster.rules.gate.decide import record_digest
from muster.rules.gate.urgent import EMERGENCY

OTHER = digest(b"other")
PEN = key(ANALYST)


def signed(each: Entry, root: TrustRoot = ROOT, policy: Policy = POLICY) -> str:
    """Return what the verifier says of a release that has this sign-off and no other."""
    return Forged([published(root), *FACTS_OF_THE_VERSION, each], policy=policy, roots=(root,)).problem()


def predicate_of(each: Entry) -> Any:
    """Return what somebody signed in an entry."""
    return json.loads(base64.b64decode(read_envelope(str(each.body["envelope"])).payload))["predicate"]


def with_grant(*names: str, **changes: Any) -> TrustRoot:
    """Return a trust root whose grants to these people differ."""
    return replace(ROOT, grants=tuple(replace(g, **changes) if g.actor in names else g for g in ROOT.grants))


def test_a_sign_off_by_the_key_of_its_person_in_their_role_counts() -> None:
    assert signed(approval()) == ""
    assert signed(approval(origin=ORIGIN)) == ""


@pytest.mark.parametrize(
    ("each", "why"),
    [
        (approval(origin="elsewhere.example/house"), "entry 7 was signed for another house"),
        (approval(signed_with=VALIDATOR), "the approval in entry 7: 0 of 1 trusted keys signed it"),
        (approval(by="stranger"), "the approval in entry 7: 0 of 0 trusted keys signed it"),
        (approval(role="owner"), "the approval in entry 7: 0 of 0 trusted keys signed it"),
        (replace(rejection(), kind="approval.signed"), "the approval in entry 7 states something else"),
    ],
)
def test_a_sign_off_by_another_key_for_another_house_or_in_another_role_does_not(each: Entry, why: str) -> None:
    assert f"sign-off:risk-analyst (missing); {why}" in signed(each)


def test_a_sign_off_is_about_the_version_that_it_names() -> None:
    text = statement({"model-version": OTHER}, "urn:muster:attestation:approval:v1", predicate_of(TOLD[-1]))
    odd = entry(SignedApproval(VERSION, envelope_text(seal(IN_TOTO, text, [(PEN.key, PEN.sign)]))), ANALYST)
    assert "entry 7 approves something else" in signed(odd)


@pytest.mark.parametrize(
    ("use_cases", "counts"), [((), True), (("loans",), True), (("cards", "loans"), True), (("cards",), False)]
)
def test_a_key_may_be_for_some_use_cases_only(use_cases: tuple[str, ...], counts: bool) -> None:
    said = signed(approval(), with_grant(ANALYST, use_cases=use_cases))
    assert said == "" if counts else "0 of 0 trusted keys signed it" in said


def test_the_keys_of_other_duties_sign_nothing_off() -> None:
    odd = replace(ROOT, grants=(*ROOT.grants[:4], replace(ROOT.grants[4], duty=Duty.PLATFORM), *ROOT.grants[5:]))
    assert "0 of 0 trusted keys signed it" in signed(approval(), odd)


@pytest.mark.parametrize(
    ("each", "why"),
    [
        (platform(), ""),
        (platform(ANALYST), "is not by ann"),
        (platform(actor="omar"), "is not by pia"),
        (platform(delegation=OTHER), "is not by pia"),
        (approval(by="pia", signed_with=ANALYST, platform=True, policy=LAX), "0 of 1 trusted keys signed it"),
    ],
)
def test_the_platform_signs_for_whom_it_let_in_and_who_has_no_key(each: Entry, why: str) -> None:
    assert why in signed(each, WIDE, LAX)
    assert (signed(each, WIDE, LAX) == "") == (why == "")


@pytest.mark.parametrize(
    ("loan", "why"),
    [
        (lent(), ""),
        (lent(origin="elsewhere"), "the delegation in entry 7 was signed for another house"),
        (lent(signed_with=DAVE), "the delegation in entry 7: 0 of 1 trusted keys signed it"),
        (lent(role=Role.VALIDATOR.value), "the delegation in entry 7: 0 of 0 trusted keys signed it"),
        (lent(use_case="cards"), "the delegation in entry 7 makes no sense"),
        (lent(ANALYST), "the delegation in entry 7 makes no sense"),
        (entry(SignedDelegation("cards", str(lent().body["envelope"])), ANALYST), "entry 7 makes no sense"),
    ],
)
def test_a_role_is_lent_with_the_key_of_whoever_holds_it(loan: Entry, why: str) -> None:
    by = approval(by=DAVE, delegation=named(loan))
    forged = Forged([published(WIDE), *FACTS_OF_THE_VERSION, loan, by], roots=(WIDE,))
    assert why in forged.problem()
    assert (forged.problem() == "") == (why == "")


def test_a_role_is_lent_for_the_use_cases_of_the_key_only() -> None:
    few = tuple(replace(each, use_cases=("cards",)) if each.actor == ANALYST else each for each in WIDE.grants)
    loan, root = lent(), replace(WIDE, grants=few)
    said = Forged(
        [published(root), *FACTS_OF_THE_VERSION, loan, approval(by=DAVE, delegation=named(loan))], roots=(root,)
    )
    assert "the delegation in entry 7: 0 of 0 trusted keys signed it" in said.problem()


@pytest.mark.parametrize(
    ("each", "why"),
    [
        (leave(), ""),
        (leave(origin="elsewhere"), "was signed for another house"),
        (leave(signed_with=ANALYST), "0 of 1 trusted keys signed it"),
        (leave(role="owner"), "0 of 0 trusted keys signed it"),
        (leave(by=ANALYST), "0 of 0 trusted keys signed it"),
        (leave(question=replace(QUESTION, version=OTHER)), "sign-off:risk-analyst (missing)"),
        (entry(SignedEmergency(OTHER, str(leave().body["envelope"])), VALIDATOR), "is about another"),
        (replace(approval(by=VALIDATOR), kind="emergency.signed"), "states something else"),
    ],
)
def test_an_emergency_is_on_the_word_of_somebody_with_a_key_for_it(each: Entry, why: str) -> None:
    said = signed(each, policy=URGENT)
    assert why in said
    assert (said == "") == (why == "")


def test_leave_is_about_the_version_that_it_names() -> None:
    pen = key(VALIDATOR)
    text = statement({"model-version": OTHER}, EMERGENCY, predicate_of(leave()))
    odd = entry(SignedEmergency(VERSION, envelope_text(seal(IN_TOTO, text, [(pen.key, pen.sign)]))), VALIDATOR)
    assert "is about another" in signed(odd, policy=URGENT)


def policy_signed(by: str, proposer: str, about: str = "", **changes: str) -> Entry:
    named_ = record_digest(POLICY)
    said = PolicyApproval(
        **{"policy": named_, "name": POLICY.id, "replaces": "", "approver": by, "role": "risk-analyst",
           "proposed_by": proposer, "origin": ORIGIN, **changes},
        signed_at=NOW,
    )  # fmt: skip
    text = statement({"policy": about or said.policy}, POLICY_APPROVAL, said)
    sealed = seal(IN_TOTO, text, [(key(by).key, key(by).sign)])
    return entry(SignedPolicy(POLICY.id, named_, envelope_text(sealed)), by)


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (policy_signed(VALIDATOR, ANALYST), ""),
        (policy_signed(VALIDATOR, VALIDATOR), "is by the one who proposed it"),
        (policy_signed(VALIDATOR, ANALYST, origin="elsewhere"), "was made for another house"),
        (policy_signed(VALIDATOR, ANALYST, role="owner"), "0 of 0 trusted keys signed it"),
        (policy_signed(VALIDATOR, ANALYST, approver=ANALYST), "0 of 1 trusted keys signed it"),
        (policy_signed(VALIDATOR, ANALYST, policy="sha256:other"), "is about another"),
        (policy_signed(VALIDATOR, ANALYST, about=OTHER), "is about another"),
    ],
)
def test_a_policy_is_signed_by_somebody_who_may_and_did_not_propose_it(made: Entry, why: str) -> None:
    said = Forged(after=[made]).problem()
    assert why in said
    assert (said == "") == (why == "")


def test_a_key_for_some_use_cases_only_signs_no_policy() -> None:
    root = with_grant(VALIDATOR, use_cases=("loans",))
    forged = Forged([published(root), *TOLD], roots=(root,), after=[policy_signed(VALIDATOR, ANALYST)])
    assert "0 of 0 trusted keys signed it" in forged.problem()
    odd = replace(ROOT, grants=(*ROOT.grants, grant(Duty.PLATFORM, "pia", Role.RISK_ANALYST)))
    forged = Forged([published(odd), *TOLD], roots=(odd,), after=[policy_signed("pia", ANALYST)])
    assert "0 of 0 trusted keys signed it" in forged.problem()
