from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from muster.adapters.telling.alertfile import AlertFile
from muster.adapters.telling.courier import Courier
from muster.adapters.telling.notifier import Telling
from muster.records.access.alert import Alert, Severity

ALERT = Alert(
    "orders-replayed", Severity.CRITICAL, "gateway:credit/g1", "look at it", datetime(2026, 11, 23, tzinfo=UTC)
)


def test_an_alert_is_a_line_in_the_file_in_the_ledger_and_brought_elsewhere(tmp_path: Path) -> None:
    said: list[str] = []
    brought: list[Alert] = []
    recorded: list[Alert] = []
    file = tmp_path / "alerts.ndjson"
    telling = Telling(said.append, AlertFile(file), [Courier("hook", brought.append, print)], keep=recorded.append)
    telling.notify(ALERT)
    telling.notify(ALERT)  # the same again is not told
    telling.close()
    assert said == ["ALERT orders-replayed (critical), gateway:credit/g1: look at it"]
    assert json.loads(file.read_text())["what"] == "orders-replayed"
    assert brought == recorded == [ALERT]


def test_where_nothing_can_be_kept_it_is_said_and_nobody_fails(tmp_path: Path) -> None:
    (tmp_path / "blocked").touch()
    said: list[str] = []

    def keep(_: Alert) -> None:
        msg = "the ledger is shut"
        raise ValueError(msg)

    Telling(said.append, AlertFile(tmp_path / "blocked" / "alerts.ndjson"), keep=keep).notify(ALERT)
    assert said[0].startswith("ALERT")
    assert "in no file" in said[1]
    assert said[2] == "the alert is not in the ledger: the ledger is shut"
