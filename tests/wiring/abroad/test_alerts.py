from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.conftest import Founded

from muster.records.access.alert import Alert, Severity
from muster.settings import Settings
from muster.wiring.abroad.alerts import FILE, bind_notifier, event_of, say

ALERT = Alert("root-wrong", Severity.CRITICAL, "gateway:g", "a forged\nroot", datetime(2026, 11, 23, tzinfo=UTC))


def test_an_alert_of_the_control_plane_stands_in_file_and_ledger(
    founded: Founded, capsys: pytest.CaptureFixture[str]
) -> None:
    house = founded.open()
    house.notify.notify(ALERT)
    house.ledger.refresh()
    (entry,) = [recorded.entry for recorded in house.ledger.read(kind="alert.raised")]
    assert (entry.actor, entry.subject, entry.body["words"]) == ("system", "alert:root-wrong", "a forged\nroot")
    assert json.loads((founded.home / FILE).read_text())["about"] == "gateway:g"
    assert capsys.readouterr().err == "muster: ALERT root-wrong (critical), gateway:g: a forged root\n"


def test_a_webhook_without_a_secret_is_an_error_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="webhook_secret"):
        bind_notifier(Settings(alert_webhook="https://alerts.example"), tmp_path, "/x", say)


def test_an_alert_as_an_event_says_what_it_is() -> None:
    event = event_of(ALERT)
    assert (event.kind, event.subject, event.data["what"]) == ("muster.alert.raised", "alert:root-wrong", "root-wrong")
