from __future__ import annotations

from dataclasses import replace

import pytest
from tests.lifecycle.page.reading import plain, read
from tests.lifecycle.report.scene import BAD

from muster.lifecycle.page.markup import text
from muster.lifecycle.report.measured import anchor, measured, title
from muster.lifecycle.report.story import Piece, Story
from muster.lifecycle.report.subjects import subjects
from muster.records.canonical import digest
from muster.records.evidence import Figure


def piece_of(story: Story, check: str) -> Piece:
    return [p for subject in subjects(story) for p in subject.pieces if p.evidence.check == check][-1]


def test_every_figure_with_its_interval_stands_in_a_table_exactly(story: Story) -> None:
    for subject in subjects(story):
        for piece in subject.pieces:
            shown = [float(value) for value in read(measured(story, piece)).all("value")]
            wanted = [v for f in piece.evidence.figures for v in (f.value, f.low, f.high) if v is not None]
            assert sorted(shown) == sorted(map(float, wanted)), piece.evidence.check


def test_where_when_how_and_by_whom_it_was_measured_is_said(story: Story) -> None:
    piece = piece_of(story, "performance.decisions")
    said = measured(story, piece)

    assert "How: Counted." in plain(said)
    assert "On “held-out” (held-out," in plain(said)
    assert f"UTC, by bob. Ledger entry {piece.recorded.seq}," in plain(said)
    assert f'title="{digest(piece.recorded.raw)}"' in said
    assert f'id="{anchor(digest(piece.recorded.raw))}"' in said
    assert f'title="{piece.evidence.sample}"' in said


def test_a_limited_figure_is_drawn_and_judged_in_words(story: Story) -> None:
    said = measured(story, piece_of(story, "auc-check"))

    assert "discrimination : It tells good from bad." in plain(said)
    assert 'aria-label="auc around the limit 0.7. Of 1: 1 better. The table has the numbers."' in said
    assert '<span class="key better">better</span></div></td>' in said
    assert "Against the limit" in said


def test_what_could_not_be_measured_says_why(story: Story) -> None:
    said = measured(story, piece_of(story, "drift.psi"))

    assert "Could not be measured: no reference &amp; no hope" in plain(said)
    assert "on live traffic" in plain(said)
    assert "<table" not in said


def test_names_from_data_are_text(story: Story) -> None:
    said = measured(story, piece_of(story, "fairness.impact_ratio"))

    assert "<script" not in said
    assert text(BAD) in said
    assert "asked with attribute: AGE; bands: 25, 35." in plain(said)


def test_many_figures_are_folded_and_groups_without_a_limit_drawn(story: Story) -> None:
    folded = measured(story, piece_of(story, "fairness.impact_ratio"))
    few = measured(story, piece_of(story, "robustness.noise"))

    assert "9 more figures" in folded
    assert "<details>" not in few
    assert "impact ratio of 21 groups" in folded
    assert few.count("<rect") == 3


def test_calibration_is_drawn_from_its_bins(story: Story) -> None:
    assert "3 bins of rows by score." in measured(story, piece_of(story, "performance.calibration"))


@pytest.mark.parametrize(
    ("check", "name"),
    [("fairness.auc", "AUC"), ("fairness.impact_ratio", "Impact ratio"), ("own", "Own"), ("a.b_c", "B c")],
)
def test_checks_have_titles(check: str, name: str) -> None:
    assert title(check) == name


def test_chances_and_shares_of_groups_are_read_not_drawn(story: Story) -> None:
    piece = piece_of(story, "robustness.noise")
    names = ("group_share", "slice_p", "conditional_p_value")
    figures = tuple(Figure(name, 0.1 * n, 9, group=f"c{n}") for name in names for n in range(1, 4))
    said = measured(story, replace(piece, evidence=replace(piece.evidence, figures=figures)))

    assert "<svg" not in said
    assert said.count("<tr>") == len(figures) + 1


def test_what_was_replaced_keeps_its_figures_and_loses_its_charts(story: Story) -> None:
    piece = replace(piece_of(story, "performance.calibration"), current=False)
    said = measured(story, piece)

    assert "Replaced by newer evidence of the same sample." in plain(said)
    assert "<svg" not in said
    assert said.count("<tr>") == len(piece.evidence.figures) + 1


def test_what_has_no_doubt_is_called_exact(story: Story) -> None:
    piece = piece_of(story, "performance.decisions")
    figures = (Figure("count", 3.0, 9, 3.0, 3.0), Figure("rate", 0.5, 9, 0.4, 0.6), Figure("bare", 0.5, 9))
    said = plain(measured(story, replace(piece, evidence=replace(piece.evidence, figures=figures))))

    assert "count 3 exact 9" in said
    assert "rate 0.5 0.4 to 0.6 9" in said
    assert "bare 0.5 none 9" in said
