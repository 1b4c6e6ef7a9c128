"""What guards found is read from the log: for people as a report, for the gate as evidence of a window."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from tests.lifecycle.language.scene import Coding

from muster.adapters.arrowlog.writer import ArrowLog
from muster.lifecycle.language.stopped import RECURS, NameLine, monitor_answers, report
from muster.ports.log import Source, Stream
from muster.records.access.alert import Alert
from muster.records.decision import Finding

UNKNOWN = "packages unknown redact pypi:surely-absent"


class Logged(Coding):
    """A scene with a log of answers."""

    batches = 0

    def log(self, *findings: Sequence[str], outcome: str = "answered", version: str = "") -> None:
        version = version or self.version
        self.batches += 1
        log = ArrowLog(self.folder / "log")
        source = Source(Stream.ANSWERS, "coder", version, version)
        count = len(findings)
        numbers = {"input_tokens": 5, "output_tokens": 9, "cost": 0.5, "first_us": 1, "latency_us": 2, "characters": 3}
        rows: dict[str, list[object]] = {
            "request_id": [f"r{self.batches}-{place}" for place in range(count)],
            "at": [int(self.now.timestamp() * 1e6)] * count,
            "protocol": ["chat"] * count,
            "outcome": [outcome] * count,
            "findings": [list(found) for found in findings],
            **{name: [value] * count for name, value in numbers.items()},
        }
        log.append(source, rows)
        log.flush()
        log.close()


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Logged]:
    made = Logged(tmp_path)
    yield made
    made.close()


def test_a_report_counts_answers_findings_and_names(scene: Logged) -> None:
    scene.log([UNKNOWN, UNKNOWN], [], [UNKNOWN, "secrets key redact"])
    scene.log(["packages nonexistent block npm:gone"], outcome="stopped")
    scene.log([], outcome="failed")
    found = report(scene.as_("olga"), "coder")
    assert (found.answers, found.stopped, found.touched, found.failed, found.left) == (5, 1, 3, 1, 0)
    assert (found.input_tokens, found.output_tokens, found.cost) == (25, 45, 2.5)
    assert [(line.guard, line.what, line.action, line.times) for line in found.found] == [
        ("packages", "unknown", "redact", 3),
        ("packages", "nonexistent", "block", 1),
        ("secrets", "key", "redact", 1),
    ]
    assert found.names == (
        NameLine("pypi:surely-absent", "unknown", "redact", 2, scene.now),
        NameLine("npm:gone", "nonexistent", "block", 1, scene.now),
    )


def test_a_report_is_of_one_version_and_of_the_days_asked(scene: Logged) -> None:
    scene.log([UNKNOWN])
    scene.log([UNKNOWN], version="sha256:" + "1" * 64)
    assert report(scene.as_("olga"), "coder").answers == 2
    assert report(scene.as_("olga"), "coder", scene.version).answers == 1
    scene.now += timedelta(days=8)
    assert report(scene.as_("olga"), "coder", days=7).answers == 0
    assert report(scene.as_("olga"), "other").answers == 0
    with pytest.raises(ValueError, match="look back more than 0"):
        report(scene.as_("olga"), "coder", days=0)


def test_a_window_of_answers_is_measured_and_the_gate_asked(scene: Logged) -> None:
    scene.log(*[[UNKNOWN]] * 3, *[[]] * 27)
    scene.log([UNKNOWN], outcome="failed")
    found = monitor_answers(scene.as_("olga"), "coder", scene.version)
    (evidence,) = found.evidence
    assert found.answers == 30
    assert (evidence.sample_name, evidence.sample_role) == ("coder", "window")
    figures = {figure.name: figure.value for figure in evidence.figures if not figure.group}
    assert figures["unproven_per_answer"] == 0.1
    reasons = {reason.demand: reason.finding for reason in found.decision.reasons}
    assert reasons["live-answers-name-real-packages (window)"] is Finding.MET
    scene.now += timedelta(minutes=1)
    scene.log(*[[UNKNOWN]] * 9, version=scene.version)
    again = monitor_answers(scene.as_("olga"), "coder", scene.version)
    assert {r.demand: r.finding for r in again.decision.reasons}[
        "live-answers-name-real-packages (window)"
    ] is Finding.NOT_MET


def test_a_name_that_comes_up_again_raises_one_alert(scene: Logged) -> None:
    scene.log([UNKNOWN], [UNKNOWN], ["packages unknown redact npm:once"])
    found = monitor_answers(scene.as_("olga"), "coder", scene.version)
    assert found.recurring == ("pypi:surely-absent",)
    monitor_answers(scene.as_("olga"), "coder", scene.version)
    (alert,) = [alert for _, alert in scene.as_("olga").history(Alert)]
    assert (alert.what, alert.about) == (RECURS, "package:pypi:surely-absent")
    assert "2 of 3 answers of coder" in alert.words


def test_a_log_without_answers_measures_nothing(scene: Logged) -> None:
    with pytest.raises(ValueError, match="holds no answer of coder"):
        monitor_answers(scene.as_("olga"), "coder", scene.version)
