from collections.abc import Callable
from datetime import UTC, datetime

from tests.cli.render.conftest import shown

from muster.lifecycle.language.canary import CanaryRun
from muster.lifecycle.language.probe import Invention, Probe
from muster.lifecycle.language.stopped import AnswersReport, AnswersWindow, FoundLine, NameLine
from muster.records.decision import Decision, Question, Verdict
from muster.records.evidence import Evidence, Figure, Outcome

__all__ = ["shown"]

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
VERSION = "sha256:" + "ab" * 32
DECISION = Decision(Question(VERSION, "coding", "production"), Verdict.REFUSE, (), VERSION, VERSION, 1, NOW)
EVIDENCE = Evidence(
    VERSION, "code.package_hallucination", 1, {}, VERSION, "code", "held-out",
    (Figure("unproven_per_reference", 0.25, 40, 0.1, 0.4),), Outcome.MEASURED,
)  # fmt: skip


def test_a_probe_shows_figures_inventions_and_lists(shown: Callable[..., str]) -> None:
    names = tuple(Invention(f"pypi:made-up-{place}", 3) for place in range(20))
    text = shown(Probe(VERSION, VERSION, "code", 60, 40, "Lists of names: pypi, partial.", names, (EVIDENCE,)))
    assert "unproven_per_reference" in text
    assert "0.100 to 0.400" in text
    assert "pypi:made-up-0" in text
    assert "and 5 more: --json" in text
    assert "Lists of names: pypi, partial." in text
    assert "muster gate ask sha256:abababababab" in text


def test_canaries_show_what_changed_and_what_the_gate_says(shown: Callable[..., str]) -> None:
    text = shown(CanaryRun(VERSION, "canaries", 10, True, (), (EVIDENCE,), DECISION))
    assert "made now: this was the first run" in text
    text = shown(CanaryRun(VERSION, "canaries", 10, False, ("canary-3", "canary-7"), (EVIDENCE,), DECISION))
    assert "canary-3, canary-7" in text
    assert "refuse" in text


def test_a_window_shows_names_that_come_up_again(shown: Callable[..., str]) -> None:
    text = shown(AnswersWindow("coder", VERSION, 30, ("pypi:lang-python",), (EVIDENCE,), DECISION))
    assert "pypi:lang-python" in text
    assert "the gate now says" in text


def test_a_report_shows_what_was_stopped_by_guard_and_by_name(shown: Callable[..., str]) -> None:
    found = (FoundLine("packages", "nonexistent", "block", 4), FoundLine("secrets", "key", "redact", 1))
    names = (NameLine("pypi:lang-python", "nonexistent", "block", 4, NOW),)
    text = shown(AnswersReport("coder", NOW, 1200, 4, 5, 2, 1, 9000, 80000, 1.25, found, names))
    assert "1,200: 4 ended by a guard, 5 touched by one" in text
    assert "2 failed at the provider, 1 left by the client" in text
    assert "pypi:lang-python" in text
    assert "secrets" in text
    empty = shown(AnswersReport("coder", NOW, 0, 0, 0, 0, 0, 0, 0, 0.0, (), ()))
    assert "package" not in empty
