from __future__ import annotations

from collections.abc import Callable

from muster.lifecycle.desk.journal import Line


def test_an_entry_is_a_line_without_its_body(shown: Callable[..., str]) -> None:
    subject = "version:sha256:" + "ab" * 32
    line = Line(7, "2026-11-23T10:00:00.123456+00:00", "local:ana", "decision.made", subject, "sha256:d", {"x": "body"})
    rows = shown((line,)).splitlines()
    shown_line = ["7", "2026-11-23", "10:00:00", "local:ana", "decision.made", "version:sha256:abababababab"]
    assert rows[1].split() == shown_line
