from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from muster.lifecycle.entrance.refusals import BURST, WRITTEN, Refusals
from muster.records.access.alert import Severity, Suspicious

if TYPE_CHECKING:
    from tests.entered import Entered

WRONG = PermissionError("name or password is wrong")


def test_a_refused_attempt_is_written_down_with_the_actor_concerned(entered: Entered) -> None:
    refusals = Refusals(entered.house)
    refusals.note(WRONG, actor="ana")
    refusals.note(WRONG)
    entered.house.ledger.refresh()
    found = [recorded.entry for recorded in entered.house.ledger.read(kind="action.refused")]
    assert [(entry.subject, entry.actor, entry.body["action"]) for entry in found] == [
        ("actor:ana", "system", "sign-in"),
        ("entrance", "system", "sign-in"),
    ]


def test_where_it_came_from_is_said_and_not_kept(entered: Entered, caplog: pytest.LogCaptureFixture) -> None:
    Refusals(entered.house).note(WRONG, address="192.0.2.7")
    assert "refused from 192.0.2.7: name or password is wrong" in caplog.text
    assert b"192.0.2.7" not in b"".join(recorded.raw for recorded in entered.house.ledger.read())


def test_a_flood_is_counted_not_written(entered: Entered) -> None:
    refusals = Refusals(entered.house)
    for _ in range(500):
        refusals.note(WRONG)
    assert len(entered.entries("action.refused")) == WRITTEN
    refusals.settle(now=entered.hands())
    assert len(entered.entries("action.refused")) == WRITTEN, "the minute is not over"
    entered.hands.passed = timedelta(seconds=61)
    refusals.settle(now=entered.hands())
    refusals.settle(now=entered.hands())
    found = entered.entries("action.refused")
    assert len(found) == WRITTEN + 1
    assert found[-1]["reason"].startswith(f"{500 - WRITTEN} more attempts were refused within a minute")


def test_the_next_minute_tells_of_the_one_before(entered: Entered) -> None:
    refusals = Refusals(entered.house)
    for _ in range(WRITTEN + 3):
        refusals.note(WRONG)
    entered.hands.passed = timedelta(minutes=5)
    refusals.note(WRONG)
    assert [each["reason"][:12] for each in entered.entries("action.refused")[-2:]] == [
        "3 more attem",
        "name or pass",
    ]


def test_what_was_counted_is_told_at_the_end(entered: Entered) -> None:
    refusals = Refusals(entered.house)
    for _ in range(WRITTEN + 1):
        refusals.note(WRONG)
    refusals.settle()
    assert entered.entries("action.refused")[-1]["reason"].startswith("1 more")


def test_a_burst_raises_one_alert_a_minute(entered: Entered) -> None:
    refusals = Refusals(entered.house)
    for _ in range(BURST - 1):
        refusals.note(WRONG)
    assert entered.alerts() == []
    for _ in range(100):
        refusals.note(WRONG)
    assert entered.alerts() == ["sign-in-attempts"]


def test_what_smells_of_attack_raises_its_own_alert(entered: Entered) -> None:
    Refusals(entered.house).note(Suspicious("the directory was changed", "directory-changed"))
    (alert,) = entered.heard.alerts
    assert (alert.what, alert.severity, alert.about) == ("directory-changed", Severity.CRITICAL, "entrance")
