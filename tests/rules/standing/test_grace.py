from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from tests.rules.scene import FACTS_OF_THE_VERSION, LIBRARY, LIFE, NOW, POLICY, QUESTION, ROOT, TICK, approval, record
from tests.rules.standing.scene import kind

from muster.adapters.signatures import verify
from muster.records.decision import Decision, Finding, Reason
from muster.records.governance.terms import LapseAction, OnLapse
from muster.rules.gate.decide import decide
from muster.rules.gate.facts import gather
from muster.rules.standing.grace import AT_ONCE, grace_of, graceless, served_until, strictest, within_grace

KIND = kind()
FACTS = gather(QUESTION, record((*FACTS_OF_THE_VERSION, approval(policy=KIND))), ROOT, verify)
LAPSES = NOW - timedelta(hours=1) + LIFE


def decided(moment: datetime) -> Decision:
    return decide(KIND, LIBRARY, QUESTION, FACTS, moment, packaged=True)


@pytest.mark.parametrize(
    ("demand", "none"),
    [
        ("discrimination", False),
        ("use-case", False),
        ("findings", False),
        ("version", True),
        ("versions-of-data", False),
        ("sign-off:risk-analyst", True),
        ("policy-sign-off:owner", True),
        ("parity", True),
    ],
)
def test_there_is_no_grace_for_who_made_and_signed_what_nor_for_proof(demand: str, none: bool) -> None:
    assert graceless([Reason(demand, Finding.MISSING, "", "")]) is none
    assert not graceless([Reason(demand, Finding.WAIVED, "", "")])


def test_a_milder_policy_adopted_later_makes_no_lapse_milder() -> None:
    strict, mild = kind(hours=2.0), kind(LapseAction.ALERT, 900.0)
    assert strictest(strict, mild) == OnLapse(LapseAction.SUSPEND, 2.0)
    assert strictest(mild, strict) == OnLapse(LapseAction.SUSPEND, 2.0)
    assert strictest(strict, kind(LapseAction.ROLL_BACK, 1.0)) == OnLapse(LapseAction.ROLL_BACK, 1.0)
    assert strictest(POLICY, mild) == AT_ONCE
    assert grace_of(POLICY) == timedelta()


def test_the_last_decision_that_allowed_it_counts_for_exactly_the_grace() -> None:
    def allowed(now: datetime) -> Decision | None:
        return within_grace(KIND, decided(now), decided, NOW, now)

    last = LAPSES + grace_of(KIND)
    assert (found := allowed(LAPSES)) is not None
    assert found.verdict == "allow"
    assert allowed(last - TICK) is not None
    assert allowed(last) is None
    assert within_grace(POLICY, decided(LAPSES), decided, NOW, LAPSES) is None


def test_before_the_release_nothing_was_allowed() -> None:
    assert within_grace(KIND, decided(LAPSES), decided, LAPSES, LAPSES) is None


def test_grace_is_added_to_when_evidence_is_too_old() -> None:
    assert set(served_until(KIND, FACTS, decided(NOW))) == {LAPSES + grace_of(KIND)}
    none = replace(KIND, on_lapse=None)
    assert set(served_until(none, FACTS, decided(NOW))) == {LAPSES}
