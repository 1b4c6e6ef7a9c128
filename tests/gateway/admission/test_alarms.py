from __future__ import annotations

from datetime import UTC, datetime

from tests.hearing import Heard

from muster.gateway.admission.alarms import Alarms
from muster.records.access.alert import Severity, Suspicious

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def test_a_refusal_names_its_alert_and_any_other_is_a_warning() -> None:
    heard = Heard()
    alarms = Alarms("gateway:g/1", heard, lambda: NOW)
    alarms.refusal(Suspicious("words", "root-wrong"), "otherwise", "said")
    alarms.refusal(PermissionError("words"), "otherwise", "said")
    alarms.refusal(PermissionError("words"), "otherwise", "said", "loans")
    assert [(a.what, a.severity, a.about, a.words, a.at) for a in heard.alerts] == [
        ("root-wrong", Severity.CRITICAL, "gateway:g/1", "said", NOW),
        ("otherwise", Severity.WARNING, "gateway:g/1", "said", NOW),
        ("otherwise", Severity.WARNING, "gateway:g/1/loans", "said", NOW),
    ]


def test_a_process_that_only_looks_tells_nobody() -> None:
    Alarms("gateway:g/1", None, lambda: NOW).sound("root-wrong", Severity.CRITICAL, "said")
