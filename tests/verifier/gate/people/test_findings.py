"""What is open blocks, and who may close it, for the verifier as for the gate."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.rules.gate.people.test_findings import BEFORE, BLOCKING, FOUND, closed, opened, reopened
from tests.rules.scene import ANALYST, AUTHOR, NOW, POLICY, TICK, VALIDATOR, complete, entry
from tests.verifier.agreeing import outcome

from muster.records.entry import Entry
from muster.records.governance.findings import ReopenedFinding
from muster.records.governance.terms import FindingSeverity


def found(*more: Entry) -> str:
    return outcome([*complete(), *more], "findings", policy=BLOCKING)


def test_only_severities_that_the_policy_names_block() -> None:
    assert outcome([*complete(), opened()], "findings", policy=POLICY) == ""
    for severity in FindingSeverity:
        blocks = severity in BLOCKING.blocking_findings
        assert found(opened(severity=severity)) == ("not-met" if blocks else "met")
    assert found() == "met"


@pytest.mark.parametrize(
    ("by", "came_out"),
    [
        (VALIDATOR, "met"),
        (ANALYST, "met"),
        (AUTHOR, "not-met"),
        (f"{AUTHOR}/nightly", "not-met"),
        (f"local:{AUTHOR}", "not-met"),
        ("owner", "not-met"),
        ("olga", "not-met"),
    ],
)
def test_it_is_closed_by_nobody_whose_work_it_is(by: str, came_out: str) -> None:
    assert found(opened(owner="olga"), closed(by)) == came_out


def test_the_owner_of_what_was_found_closes_nothing_under_whatever_name() -> None:
    for owner in ("olga", "local:olga", "olga/nightly"):
        assert found(opened(owner=owner), closed("olga")) == "not-met"


@pytest.mark.parametrize(
    ("at", "came_out"), [(BEFORE - TICK, "not-met"), (BEFORE, "met"), (BEFORE + timedelta(minutes=9), "met")]
)
def test_it_is_closed_after_it_was_opened(at: object, came_out: str) -> None:
    assert found(opened(), closed(at=at)) == came_out  # type: ignore[arg-type]


def test_it_is_closed_after_it_was_opened_again() -> None:
    assert found(opened(), closed(), reopened(NOW)) == "not-met"
    assert found(opened(), closed(), reopened(BEFORE + TICK)) == "not-met", "at the very moment"
    assert found(opened(), closed(at=NOW), reopened(BEFORE + TICK)) == "met"
    assert found(opened(), closed(at=NOW - TICK), reopened(BEFORE + TICK), reopened(NOW)) == "not-met"
    assert found(opened(), closed(), reopened(BEFORE + 2 * TICK), closed(at=NOW)) == "met"


def test_one_that_is_closed_does_not_hide_another() -> None:
    assert found(opened(), opened(id="F-2"), closed()) == "not-met"
    assert found(opened(), opened(id="F-2"), closed(), closed(finding="F-2")) == "met"


def test_neither_who_trained_nor_who_registered_closes_it() -> None:
    told = [replace(each, actor="rob") if each.kind == "model-version.registered" else each for each in complete()]
    for by, came_out in ((AUTHOR, "not-met"), ("rob", "not-met"), (VALIDATOR, "met")):
        assert outcome([*told, opened(owner="olga"), closed(by)], "findings", policy=BLOCKING) == came_out


def test_another_one_that_is_opened_again_is_not_this_one() -> None:
    other = entry(ReopenedFinding("F-2", FOUND.about, ""), VALIDATOR, NOW)
    assert found(opened(), closed(), other) == "met"
