from __future__ import annotations

import json
import stat
from datetime import UTC, datetime
from pathlib import Path

from muster.adapters.telling.alertfile import KEPT, AlertFile
from muster.records.access.alert import Alert, Severity


def alert(words: str = "words") -> Alert:
    return Alert("clock-set-back", Severity.WARNING, "gateway:g", words, datetime(2026, 11, 23, tzinfo=UTC))


def test_each_alert_is_a_line_that_only_the_owner_reads(tmp_path: Path) -> None:
    path = tmp_path / "state" / "alerts.ndjson"
    file = AlertFile(path)
    file.append(alert("one\nline"))
    file.append(alert("two"))
    assert [json.loads(line)["words"] for line in path.read_text().splitlines()] == ["one\nline", "two"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_grew_large_is_put_aside_and_the_oldest_goes(tmp_path: Path) -> None:
    file = AlertFile(tmp_path / "alerts.ndjson", largest=10)
    for number in range(KEPT + 4):
        file.append(alert(str(number)))
    found = {path.name: json.loads(path.read_text())["words"] for path in tmp_path.iterdir()}
    assert found == {
        "alerts.ndjson": "7",
        **{f"alerts.ndjson.{number}": str(7 - number) for number in range(1, KEPT + 1)},
    }
