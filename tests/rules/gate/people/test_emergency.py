"""An emergency lets a version out before its sign-offs, on the signed word of somebody who may, and for a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
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
    Chain,
    approval,
    asked,
    auc,
    entry,
    key,
)

from muster.adapters.signatures import verify
from muster.records.decision import Decision, Finding, Question, Verdict
from muster.records.entry import LOCAL, Entry
from muster.records.governance.emergency import Emergency, SignedEmergency
from muster.records.governance.terms import EmergencyTerms
from muster.records.people import Role
from muster.rules.admission import admit
from muster.rules.envelope import IN_TOTO, envelope_text, seal, statement
from muster.rules.gate.decide import record_digest
from muster.rules.gate.people.waived import without
from muster.rules.gate.urgent import EMERGENCY

HOURS = 72
URGENT = replace(POLICY, emergency=EmergencyTerms(HOURS, (Role.VALIDATOR,)))
SIGNED = NOW - timedelta(minutes=5)
DUE = SIGNED + timedelta(hours=HOURS)


def leave(
    *, by: str = VALIDATOR, signed_with: str = "", at: datetime = SIGNED, policy: Any = URGENT, **changes: Any
) -> Entry:
    named = record_digest(policy), record_digest(LIBRARY)
    said = Emergency(QUESTION, by, "validator", *named, "fraud runs now", at, ORIGIN)
    said = replace(said, **changes)
    pen = key(signed_with or by)
    about = {"model-version": said.question.version}
    sealed = seal(IN_TOTO, statement(about, EMERGENCY, said), [(pen.key, pen.sign)])
    return entry(SignedEmergency(said.question.version, envelope_text(sealed)), by, SIGNED)


def entry_at(signed: Entry, at: datetime) -> Entry:
    return replace(signed, at=at)


def decided(*more: Entry, now: datetime = NOW, policy: Any = URGENT, facts: Any = FACTS_OF_THE_VERSION) -> Decision:
    return asked([*facts, *more], policy=policy, now=now)


def said_of_people(decision: Decision) -> tuple[Finding, str]:
    (reason,) = [reason for reason in decision.reasons if reason.demand.startswith("sign-off:")]
    return reason.finding, reason.explanation


def test_it_lets_a_version_out_and_says_by_whom_and_until_when() -> None:
    decision = decided(leave())
    assert decision.verdict is Verdict.ALLOW
    finding, why = said_of_people(decision)
    assert finding is Finding.WAIVED
    assert without(decision) is Verdict.WAIT, "an ordinary release would wait for its people"
    assert why.startswith("EMERGENCY release by vic (validator): fraud runs now; sign-offs due by 2026-11-26 11:55 UTC")


def test_it_lapses_by_itself_to_the_microsecond() -> None:
    assert decided(leave(), now=DUE - TICK).verdict is Verdict.ALLOW
    late = decided(leave(), now=DUE)
    assert late.verdict is Verdict.WAIT
    assert "sign-offs were due by 2026-11-26 11:55" in said_of_people(late)[1]


def test_once_people_have_signed_it_is_an_ordinary_release() -> None:
    finding, why = said_of_people(decided(leave(), approval(policy=URGENT)))
    assert finding is Finding.MET
    assert why.startswith("signed by ann")


def test_what_is_measured_must_be_met_in_an_emergency_too() -> None:
    weak = [each for each in FACTS_OF_THE_VERSION if each.body.get("check") != "auc-check"]
    assert decided(leave(), facts=[*weak, entry(auc(0.5))]).verdict is Verdict.REFUSE
    assert decided(leave(), facts=weak).verdict is Verdict.REFUSE


def test_signing_another_does_not_make_the_time_longer() -> None:
    again = leave(at=NOW + timedelta(hours=HOURS), reason="still")
    assert decided(leave(), again, now=DUE).verdict is Verdict.WAIT
    assert decided(leave(at=NOW + timedelta(days=30)), now=DUE).verdict is Verdict.WAIT, (
        "a later moment than the ledger's"
    )


def test_a_policy_that_is_adopted_anew_does_not_make_the_time_longer_either() -> None:
    reworded = replace(URGENT, statement="The same, in other words.")
    later = entry_at(leave(policy=reworded, at=DUE - TICK), DUE - TICK)
    first = decided(leave(), later, policy=reworded, now=DUE - TICK)
    assert first.verdict is Verdict.ALLOW
    assert decided(leave(), later, policy=reworded, now=DUE).verdict is Verdict.WAIT


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"policy": record_digest(POLICY)}, "another version of the policy"),
        ({"library": record_digest(replace(LIBRARY, controls=()))}, "another version of the library"),
        ({"role": "risk-analyst"}, "signed as risk-analyst; credit wants validator"),
        ({"role": "executive"}, "gives 'vic' no key for the role executive"),
        ({"by": ANALYST}, "gives 'ann' no key for the role validator"),
        ({"signed_with": ANALYST}, "no trusted key signed"),
        ({"signed_with": "release"}, "no trusted key signed"),
        ({"origin": "another.example/house"}, "signed for the house"),
        ({"origin": ""}, "signed for the house"),
    ],
)
def test_what_does_not_count_is_said(change: dict[str, Any], why: str) -> None:
    body = {name: value for name, value in change.items() if name != "policy"}
    entries = leave(**body) if "policy" not in change else leave(policy=POLICY)
    decision = decided(entries)
    assert decision.verdict is Verdict.WAIT
    assert "sign" in said_of_people(decision)[1]
    if "trusted key" not in why:
        assert why in said_of_people(decision)[1]


@pytest.mark.parametrize(
    "question",
    [
        Question(VERSION, "loans", "staging"),
        Question(VERSION, "loans", "production", "shadow"),
        Question(VERSION, "mortgages", "production"),
    ],
)
def test_it_answers_one_question_only(question: Question) -> None:
    assert decided(leave(question=question)).verdict is Verdict.WAIT


def test_a_policy_without_terms_knows_no_emergency() -> None:
    decision = decided(leave(policy=POLICY), policy=POLICY)
    assert decision.verdict is Verdict.WAIT
    assert "credit knows no emergency releases" in said_of_people(decision)[1]


def test_an_author_lets_nothing_of_their_own_out() -> None:
    analysts = replace(POLICY, emergency=EmergencyTerms(HOURS, (Role.RISK_ANALYST,)))
    decision = decided(leave(by=AUTHOR, role="risk-analyst", policy=analysts), policy=analysts)
    assert decision.verdict is Verdict.WAIT
    assert "bob is an author" in said_of_people(decision)[1]


def test_where_local_mode_does_not_count_it_does_not_here() -> None:
    strict = replace(URGENT, local_mode=False)
    signed = leave(policy=strict)
    assert decided(signed, policy=strict).verdict is Verdict.ALLOW
    local = replace(signed, actor=f"{LOCAL}{signed.actor}")
    assert decided(local, policy=strict).verdict is Verdict.WAIT


def test_a_gateway_admits_it_and_stops_by_itself_when_the_time_is_over() -> None:
    told = [*FACTS_OF_THE_VERSION, leave(), entry(URGENT, ANALYST), entry(LIBRARY, ANALYST)]
    content, deployment = Chain(entries=told, policy=URGENT).build()
    assert admit(content, deployment, ROOT, verify, NOW).until == DUE
    assert admit(content, deployment, ROOT, verify, DUE - TICK).until == DUE
    with pytest.raises(PermissionError, match="wait: sign-off:risk-analyst: .*sign-offs were due by"):
        admit(content, deployment, ROOT, verify, DUE)


def test_a_statement_from_the_future_does_not_count_until_then() -> None:
    ahead = NOW + timedelta(days=300)
    forward = entry_at(leave(at=ahead), ahead)
    early = decided(forward)
    assert early.verdict is Verdict.WAIT
    assert "signed in the future: a clock is wrong" in said_of_people(early)[1]
    assert decided(entry_at(leave(at=NOW + timedelta(minutes=4)), NOW + timedelta(minutes=4))).verdict is Verdict.ALLOW
