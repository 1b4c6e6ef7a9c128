from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from muster.lifecycle.assess import Assessment
from muster.lifecycle.monitor import Window
from muster.lifecycle.serve.traffic.trials import Span, Trial
from muster.records.decision import Decision, Question, Verdict
from muster.records.evidence import Evidence, Figure, Outcome
from muster.records.governance.search import Candidate, Search
from muster.records.model import DecisionRule, Favourable, Recipe

MEASURED = Evidence(
    "sha256:v",
    "fairness.impact_ratio",
    1,
    {},
    "sha256:s",
    "held-out",
    "held-out",
    (Figure("impact_ratio", 0.6312, 1234, 0.58, 0.68, "AGE=under 25"), Figure("rate", 0.5, 10)),
    Outcome.MEASURED,
)
BLIND = Evidence("sha256:v", "drift.psi", 1, {}, "s", "w", "window", (), Outcome.NOT_MEASURED, "no reference")


def test_every_figure_is_a_line_with_its_interval(shown: Callable[..., str]) -> None:
    text = shown(Assessment("sha256:v", "sha256:s", (MEASURED, BLIND)))
    assert any(line.split()[-5:] == ["0.6312", "0.580", "to", "0.680", "1,234"] for line in text.splitlines())
    assert "AGE=under 25" in text
    assert "fairness.impact_ratio on held-out" in text
    assert "not measured: no reference" in text
    assert "rate" in shown((MEASURED,))


def test_figures_fit_a_screen_of_80_columns(shown: Callable[..., str]) -> None:
    longest = Figure("equal_opportunity_difference", -0.123456, 123456, -0.21, -0.01, "AGE=50 and over")
    text = shown((replace(MEASURED, figures=(longest,)), MEASURED), width=80)
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert "equal_opportunity_difference AGE=50 and over -0.1235 -0.210 to -0.010 123,456" in lines
    assert max(map(len, text.splitlines())) <= 80


def test_figures_that_others_are_computed_from_are_left_to_json(shown: Callable[..., str]) -> None:
    parts = (Figure("bin_mean_score", 0.1, 5, group="bin 1"), Figure("group_share", 0.2, 5, group="AGE=25"))
    text = shown((replace(MEASURED, figures=(*MEASURED.figures, *parts)),))
    assert "impact_ratio" in text
    assert "bin 1" not in text
    assert "group_share" not in text


def test_a_window_says_what_the_gate_says_now(shown: Callable[..., str]) -> None:
    question = Question("sha256:v", "credit", "production")
    decision = Decision(question, Verdict.REFUSE, (), "p", "l", 1, datetime(2026, 11, 23, tzinfo=UTC))
    text = shown(Window("live", "sha256:v", 90, 10, 1, (MEASURED,), decision), decision)
    assert any(line.split()[-1] == "refuse" for line in text.splitlines() if "the gate now says" in line)
    assert "What next" in text


def test_a_trial_says_beside_whom_and_when_and_what_the_gate_says_now(shown: Callable[..., str]) -> None:
    question = Question("sha256:v", "credit", "production")
    began, end = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 9, 12, tzinfo=UTC)
    decision = Decision(question, Verdict.WAIT, (), "p", "l", 1, end)
    spans = Span(began, end, "shadow"), Span(end, None, "challenger")
    text = shown(Trial("live", "sha256:v", "sha256:c", spans, 1200, 90_000, (MEASURED,), decision))
    assert "shadow 2026-11-01 00:00 - 2026-11-09 12:00; challenger 2026-11-09 12:00 - now" in " ".join(text.split())
    said = {line.rsplit(maxsplit=1)[0].strip(): line.split()[-1] for line in text.splitlines() if len(line.split()) > 1}
    assert (said["champion"], said["decisions"], said["of the champion"]) == ("sha256:c", "1,200", "90,000")
    assert said["the gate now says"] == "wait"


def test_the_best_candidates_of_a_search(shown: Callable[..., str]) -> None:
    recipe = Recipe("gradient-boosting", ("a",), "y", 1, {})
    rule = DecisionRule(0.3, Favourable.BELOW)
    one = Candidate("lean", "gradient-boosting", 0.3, 0.7712, 12.5, 0.861, 0.83, "AGE=25", (), recipe, rule)
    two = Candidate("all", "logistic", 0.2, 0.716, None, None, None, "", ("impact",), recipe, rule)
    text = shown(Search("credit", "t", "v", "p", (one, two)))
    assert text.index("lean") < text.index("logistic")
    assert "0.861 (from 0.830)" in text
    assert "none" in text
    assert "2 of 2 candidates" in text


@pytest.mark.parametrize(
    ("value", "low", "high", "said"),
    [
        (0.5, 0.45, 0.55, "0.5 0.450 to 0.550 9"),
        (0.001234, 0.00051, 0.0021, "0.001234 0.00051 to 0.0021 9"),
        (12345678.9, 12345000.0, 12346000.0, "12,345,679 12,345,000 to 12,346,000 9"),
        (3, 3, 3, "3 9"),
        (3, None, None, "3 9"),
    ],
)
def test_numbers_have_as_many_digits_as_tell_something(
    shown: Callable[..., str], value: float, low: float | None, high: float | None, said: str
) -> None:
    text = shown((replace(MEASURED, figures=(Figure("f", value, 9, low, high),)),))
    assert f"f {said}" in [" ".join(line.split()) for line in text.splitlines()]


def test_two_blocks_of_one_check_say_what_they_were_asked_with(shown: Callable[..., str]) -> None:
    asked = [replace(MEASURED, parameters={"attribute": "AGE", "bands": bands}) for bands in ([25, 35], [62])]
    text = shown(tuple(asked))
    assert "fairness.impact_ratio on held-out, attribute AGE; bands 25, 35" in text
    assert "fairness.impact_ratio on held-out, attribute AGE; bands 62" in text


@pytest.mark.parametrize("width", [80, 120])
def test_an_assessment_ends_with_what_could_not_be_measured_and_where_to_read_on(
    shown: Callable[..., str], width: int
) -> None:
    version = f"sha256:{'ab' * 32}"
    lines = shown(Assessment(version, "sha256:s", (MEASURED, BLIND)), width=width).splitlines()
    assert lines[-4] == "measured: 1 checks, 2 figures; --json has those not shown"
    assert lines[-3] == "could not be measured: 1 (drift.psi)"
    assert lines[-2].endswith("muster gate ask sha256:abababababab")
    assert lines[-1].endswith("muster model report sha256:abababababab")
    assert max(map(len, lines)) <= width


def test_no_digit_is_cut_off_where_names_are_long(shown: Callable[..., str]) -> None:
    figures = (
        Figure(
            "between_group_generalised_entropy", -123.456, 1234567, -150.25, -99.5, "LIMIT_BAL up to 50000, PAY_0 1"
        ),
        Figure("value_of_sample", 9336000.0, 1234567, 9300000.0, 9400000.0, "Q" * 60),
    )
    text = shown((replace(MEASURED, figures=figures),), width=80)
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert any(line.endswith("-123.5 -150.2 to -99.5 1,234,567") for line in lines)
    assert any(line.endswith("9,336,000 9,300,000 to 9,400,000 1,234,567") for line in lines)
    assert sum(line.count("Q") for line in lines) == 60
    assert max(map(len, text.splitlines())) <= 80


def test_of_many_groups_both_ends_are_shown_and_the_rest_is_counted(shown: Callable[..., str]) -> None:
    figures = tuple(Figure("auc", place / 100, 9, group=f"column{place:02}") for place in range(20))
    text = shown((replace(MEASURED, figures=(*figures, Figure("overall", 0.5, 9))),))
    there = [place for place in range(20) if f"column{place:02}" in text]
    assert there == [0, 1, 2, 17, 18, 19]
    assert "overall" in text
    assert "the ends of each figure; 14 more groups: --json" in text
    few = shown((replace(MEASURED, figures=figures[:8]),))
    assert all(f"column{place:02}" in few for place in range(8))
    assert "--json" not in few


def test_zero_has_no_sign(shown: Callable[..., str]) -> None:
    text = shown((replace(MEASURED, figures=(Figure("change", 0.001, 9, -0.0002, 0.013),)),))
    assert " 0.000 to 0.013" in text


def test_a_search_shows_its_front_and_what_is_left_to_the_assessment(shown: Callable[..., str]) -> None:
    rule = DecisionRule(0.3, Favourable.BELOW)
    recipe = Recipe("l", ("a",), "t", 1, {})
    first = Candidate("all", "linear", 0.3, 0.7, None, 0.9, 0.8, "g", (), recipe, rule, ("reasons-stable",))
    second = replace(first, feature_set="few", broken=("auc at-least 0.8: 0.7",))
    text = shown(Search("credit", "t", "v", "p", (first, second), (0,)))
    assert [line[0] for line in text.splitlines() if " linear " in line] == ["*", " "]
    assert "auc at-least 0.8: 0.7" in text
    assert "not measured in the search, left to the assessment: reasons-stable" in text
    assert "muster model train-candidate credit MODEL" in text
