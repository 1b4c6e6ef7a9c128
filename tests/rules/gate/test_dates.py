from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.rules.scene import AUC, FACTS_OF_THE_VERSION, INPUTS, NOW, POLICY, TICK, approval, asked

from muster.records.decision import Decision, Finding, Verdict
from muster.records.policy import Control, Library, Requirement
from muster.rules.gate.dates import day, untimely
from muster.rules.gate.decide import record_digest

TODAY, TOMORROW = (f"{NOW + timedelta(days=days):%Y-%m-%d}" for days in (0, 1))
UNMEASURED = [each for each in FACTS_OF_THE_VERSION if each.body.get("check") != AUC.check]
MIDNIGHT = datetime(NOW.year, NOW.month, NOW.day, tzinfo=UTC) + timedelta(days=1)


def decided(*controls: Control, facts: Any = FACTS_OF_THE_VERSION, **asked_so: Any) -> Decision:
    library = Library("muster", controls)
    seen = [entry for entry in facts if entry.kind == "evidence.recorded"]
    return asked([*facts, approval(seen, library=record_digest(library))], library=library, **asked_so)


def found(decision: Decision, demand: str) -> tuple[Finding, str]:
    reason = next(reason for reason in decision.reasons if reason.demand == demand)
    return reason.finding, reason.explanation


def test_a_control_is_asked_for_from_its_day_on_and_not_before() -> None:
    coming = replace(AUC, in_force_from=TOMORROW)
    before = decided(coming, INPUTS, facts=UNMEASURED)
    assert before.verdict is Verdict.ALLOW
    finding, why = found(before, AUC.id)
    assert (finding, why) == (Finding.NOT_APPLICABLE, f"does not apply: {AUC.id} is in force from {day(TOMORROW)}")
    there = decided(replace(AUC, in_force_from=TODAY), INPUTS, facts=UNMEASURED)
    assert found(there, AUC.id)[0] is Finding.MISSING


def test_the_day_begins_at_midnight_utc() -> None:
    coming = replace(AUC, in_force_from=TOMORROW)
    assert untimely(coming, MIDNIGHT - TICK)
    assert not untimely(coming, MIDNIGHT)
    ending = replace(AUC, in_force_until=TOMORROW)
    assert not untimely(ending, MIDNIGHT - TICK)
    assert untimely(ending, MIDNIGHT) == f"{AUC.id} was in force until {day(TOMORROW)}"


def test_a_control_that_ended_is_no_longer_asked_for() -> None:
    decision = decided(replace(AUC, in_force_until=TODAY), INPUTS, facts=UNMEASURED)
    assert decision.verdict is Verdict.ALLOW
    assert found(decision, AUC.id) == (
        Finding.NOT_APPLICABLE,
        f"does not apply: {AUC.id} was in force until {day(TODAY)}",
    )


def test_a_control_that_ended_leaves_no_hole_where_another_came_in_its_place() -> None:
    newer = replace(AUC, id="newer", supersedes=(AUC.id,), in_force_from=TODAY)
    ended = replace(AUC, in_force_until=TODAY)
    finding, why = found(decided(ended, newer, INPUTS), AUC.id)
    assert finding is Finding.UNKNOWN
    assert "newer came in its place: credit must demand that" in why
    both = replace(POLICY, requirements=(*POLICY.requirements, Requirement("newer")))
    library = Library("muster", (ended, newer, INPUTS))
    signed = approval(library=record_digest(library), policy=both)
    decision = asked([*FACTS_OF_THE_VERSION, signed], library=library, policy=both)
    assert decision.verdict is Verdict.ALLOW
    assert found(decision, "newer")[0] is Finding.MET


def test_the_old_one_decides_until_its_day_though_another_will_come() -> None:
    newer = replace(AUC, id="newer", supersedes=(AUC.id,), in_force_from=TOMORROW)
    decision = decided(replace(AUC, in_force_until=TOMORROW), newer, INPUTS)
    assert decision.verdict is Verdict.ALLOW
    assert found(decision, AUC.id)[0] is Finding.MET


def test_a_policy_of_whose_controls_none_is_in_force_allows_nothing() -> None:
    decision = decided(replace(AUC, in_force_from=TOMORROW), replace(INPUTS, in_force_until=TODAY))
    assert decision.verdict is Verdict.REFUSE
    assert "demands nothing allows nothing" in found(decision, "requirements")[1]


@pytest.mark.parametrize(("text", "words"), [("2027-12-02", "2 Dec 2027"), ("soon", "soon")])
def test_a_date_is_written_for_reading_and_what_is_none_stays(text: str, words: str) -> None:
    assert day(text) == words
