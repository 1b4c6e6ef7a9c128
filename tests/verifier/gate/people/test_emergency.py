"""Whose word lets a version out before its sign-offs, and until when, for the verifier as for the gate."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.rules.gate.people.signed import rejection
from tests.rules.gate.people.test_emergency import DUE, URGENT, leave
from tests.rules.scene import (
    ANALYST,
    AUTHOR,
    FACTS_OF_THE_VERSION,
    NOW,
    POLICY,
    QUESTION,
    TICK,
    asked,
    auc,
    entry,
)  # fmt: skip
from tests.verifier.agreeing import outcome

from muster.records.canonical import digest
from muster.records.entry import Entry
from muster.records.governance.terms import EmergencyTerms
from muster.records.people import Role

DEMAND = "sign-off:risk-analyst"
ANALYSTS = replace(POLICY, emergency=EmergencyTerms(72, (Role.RISK_ANALYST,)))


def found(*more: Entry, policy: Any = URGENT, **options: Any) -> str:
    return outcome([*FACTS_OF_THE_VERSION, *more], DEMAND, policy=policy, **options)


def test_it_counts_until_its_time_is_over() -> None:
    assert found(leave()) == "waived"
    assert found(leave(), now=DUE - TICK) == "waived"
    assert found(leave(), now=DUE) == "missing"


@pytest.mark.parametrize(
    "changes",
    [
        {"role": "risk-analyst"},
        {"policy": replace(URGENT, statement="Another.")},
        {"library": digest(b"other")},
        {"question": replace(QUESTION, scope="shadow")},
        {"question": replace(QUESTION, environment="staging")},
        {"origin": "elsewhere"},
        {"signed_with": ANALYST},
        {"signed_with": "stranger"},
        {"by": ANALYST, "role": "validator"},
    ],
)
def test_nobody_else_s_word_does(changes: dict[str, Any]) -> None:
    assert found(leave(**changes)) == "missing"


def test_a_policy_without_terms_knows_none() -> None:
    assert found(leave(policy=POLICY), policy=POLICY) == "missing"


def test_no_maker_lets_their_own_out_where_duties_are_separate() -> None:
    said = leave(by=AUTHOR, role="risk-analyst", policy=ANALYSTS)
    assert found(said, policy=ANALYSTS) == "missing"
    lax = replace(ANALYSTS, separation_of_duties=False)
    assert found(leave(by=AUTHOR, role="risk-analyst", policy=lax), policy=lax) == "waived"


def test_the_time_runs_from_the_first_whether_or_not_it_counts() -> None:
    late = replace(leave(at=NOW), at=NOW)
    assert found(late, now=DUE) == "waived"
    assert found(late, leave(), now=DUE) == "missing"
    assert found(late, leave(role="risk-analyst"), now=DUE) == "missing"
    assert found(leave(role="risk-analyst")) == "missing"
    for said in (leave(at=NOW), replace(leave(), at=NOW)):  # the earlier of both moments counts
        assert found(said, now=DUE) == "missing"


@pytest.mark.parametrize(
    ("ahead", "came_out"), [(timedelta(minutes=5), "waived"), (timedelta(minutes=5) + TICK, "missing")]
)
def test_one_from_the_future_does_not_count_yet(ahead: timedelta, came_out: str) -> None:
    assert found(replace(leave(at=NOW + ahead), at=NOW + ahead)) == came_out


def test_it_excuses_what_is_missing_and_nothing_else() -> None:
    assert found(leave(), rejection(at=NOW)) == "not-met"
    bad = [*FACTS_OF_THE_VERSION, leave(), entry(auc(0.4), at=NOW)]
    assert asked(bad, policy=URGENT).verdict.value == "refuse"


def test_who_writes_a_later_moment_than_the_ledger_s_gains_nothing() -> None:
    assert found(replace(leave(at=NOW + timedelta(hours=1)), at=NOW)) == "waived"
    assert found(replace(leave(at=NOW), at=NOW + timedelta(hours=1))) == "waived"
