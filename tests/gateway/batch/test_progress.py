from __future__ import annotations

from muster.gateway.batch.checkpoint import Checkpoint, Errand
from muster.gateway.batch.progress import Progress, summary

AT = Checkpoint("r", Errand("loans", "v", "s", "", "csv", (), reasons=False), 500, 10, 300, 20)


def test_the_line_says_how_far_how_fast_and_how_long() -> None:
    words = Progress(1_000).line(AT)
    assert words.startswith("500 of 1,000 rows, ")
    assert ", 10 refused, " in words
    assert words.endswith(" left")
    assert Progress(None).line(AT).endswith("10 refused")


def test_only_a_terminal_is_shown_it(capsys: object) -> None:
    progress = Progress(1_000)
    progress(AT)
    progress.close()
    assert capsys.readouterr().err == ""  # type: ignore[attr-defined]


def test_the_summary_adds_up() -> None:
    lines, figures = summary(AT, Progress(None, 100), "sha256:abc", "-")
    assert "300 favourable, 170 adverse, 20 for a person, 10 refused" in lines[0]
    assert "into standard output" in lines[1]
    assert figures["favourable"] + figures["adverse"] + figures["referred"] + figures["refused"] == figures["rows"]
