"""What validators found: it blocks while it is open, and only somebody else's word closes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.rules.scene import (
    ANALYST,
    AUTHOR,
    FACTS_OF_THE_VERSION,
    NOW,
    POLICY,
    TICK,
    VALIDATOR,
    VERSION,
    approval,
    asked,
    entry,
)

from muster.records.decision import Finding, Reason, Verdict
from muster.records.entry import LOCAL, Entry
from muster.records.governance.findings import ClosedFinding, OpenedFinding, ReopenedFinding
from muster.records.governance.terms import FindingSeverity

BLOCKING = replace(POLICY, blocking_findings=(FindingSeverity.HIGH, FindingSeverity.CRITICAL))
FOUND = OpenedFinding(
    "F-1", f"version:{VERSION}", "loans", FindingSeverity.HIGH, "Income is stale.", "", AUTHOR, NOW + timedelta(days=9)
)
BEFORE = NOW - timedelta(minutes=30)


def opened(at: datetime = BEFORE, **changes: Any) -> Entry:
    return entry(replace(FOUND, **changes), VALIDATOR, at)


def closed(by: str = VALIDATOR, at: datetime = BEFORE + TICK, finding: str = "F-1") -> Entry:
    return entry(ClosedFinding(finding, FOUND.about, ""), by, at)


def reopened(at: datetime) -> Entry:
    return entry(ReopenedFinding("F-1", FOUND.about, ""), VALIDATOR, at)


def reason(*entries: Entry, policy: Any = BLOCKING, now: datetime = NOW) -> Reason:
    told = [*FACTS_OF_THE_VERSION, approval(policy=policy), *entries]
    (found,) = [each for each in asked(told, policy=policy, now=now).reasons if each.demand == "findings"]
    return found


def test_an_open_finding_of_a_blocking_severity_refuses_and_is_named() -> None:
    told = [*FACTS_OF_THE_VERSION, approval(policy=BLOCKING), opened()]
    assert asked(told, policy=BLOCKING).verdict is Verdict.REFUSE
    found = reason(opened())
    assert found.finding is Finding.NOT_MET
    assert found.explanation == "F-1 (high, bob by 2026-12-02): Income is stale."
    assert "OVERDUE" in reason(opened(due_at=NOW)).explanation


def test_without_findings_or_with_lighter_ones_it_is_met() -> None:
    assert reason().explanation == "none was ever opened"
    lighter = reason(opened(severity=FindingSeverity.LOW))
    assert (lighter.finding, lighter.explanation) == (Finding.MET, "0 closed, 1 of less weight open")


def test_a_policy_that_blocks_on_nothing_says_nothing() -> None:
    told = [*FACTS_OF_THE_VERSION, approval(), opened(severity=FindingSeverity.CRITICAL)]
    decision = asked(told)
    assert decision.verdict is Verdict.ALLOW
    assert "findings" not in {each.demand for each in decision.reasons}


def test_what_is_found_wrong_with_a_use_case_counts_for_its_versions_and_no_other() -> None:
    assert "on the use case" in reason(opened(about="use-case:loans")).explanation
    assert reason(opened(about="use-case:mortgages")).finding is Finding.MET
    assert reason(opened(about="version:sha256:another")).finding is Finding.MET


def test_a_validator_closes_it() -> None:
    assert reason(opened(), closed()).finding is Finding.MET
    assert reason(opened(), closed(finding="F-2")).finding is Finding.NOT_MET


@pytest.mark.parametrize("by", [AUTHOR, f"{AUTHOR}/robot", f"{LOCAL}{AUTHOR}", "owner"])
def test_neither_the_author_nor_whoever_owns_the_work_closes_it(by: str) -> None:
    found = reason(opened(owner=ANALYST), closed(by))
    assert found.finding is Finding.NOT_MET
    assert "may not close it" in found.explanation
    assert reason(opened(owner=ANALYST), closed(ANALYST)).finding is Finding.NOT_MET
    assert reason(opened(owner=ANALYST), closed(by), closed()).finding is Finding.MET


def test_reopening_counts_from_its_moment_on() -> None:
    later = BEFORE + 2 * TICK
    assert reason(opened(), closed(), reopened(later)).finding is Finding.NOT_MET
    assert reason(opened(), closed(), reopened(BEFORE + TICK)).finding is Finding.NOT_MET
    assert reason(opened(), closed(), reopened(later), closed(at=later + TICK)).finding is Finding.MET


def test_a_closing_from_before_the_opening_closes_nothing() -> None:
    assert reason(opened(), closed(at=BEFORE - TICK)).finding is Finding.NOT_MET


def test_where_local_mode_does_not_count_a_finding_still_blocks_and_a_closing_does_not() -> None:
    strict = replace(BLOCKING, local_mode=False)
    found = entry(FOUND, f"{LOCAL}{VALIDATOR}", BEFORE)
    assert reason(found, policy=strict).finding is Finding.NOT_MET
    assert reason(found, closed(f"{LOCAL}{VALIDATOR}"), policy=strict).finding is Finding.NOT_MET
    assert reason(found, closed(), policy=strict).finding is Finding.MET
