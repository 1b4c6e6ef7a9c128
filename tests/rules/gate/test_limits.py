from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.records.decision import Finding
from muster.records.evidence import Figure
from muster.records.policy import Comparison, Limit, Meets
from muster.rules.gate.limits import judge, phrase, show

AT_LEAST = Limit("ratio", Comparison.AT_LEAST, 0.8, Meets.POINT)
WHOLE = Limit("ratio", Comparison.AT_LEAST, 0.8, Meets.INTERVAL, minimum_n=30)
numbers = st.floats(-1e6, 1e6)


def figure(value: float, low: float | None = None, high: float | None = None, n: int = 100, group: str = "") -> Figure:
    return Figure("ratio", value, n, low, high, group)


@pytest.mark.parametrize(
    ("comparison", "value", "met"),
    [
        (Comparison.AT_LEAST, 0.8, True),
        (Comparison.AT_LEAST, math.nextafter(0.8, 0), False),
        (Comparison.AT_MOST, 0.8, True),
        (Comparison.AT_MOST, math.nextafter(0.8, 1), False),
        (Comparison.EQUALS, 0.8, True),
        (Comparison.EQUALS, math.nextafter(0.8, 1), False),
    ],
)
def test_the_limit_itself_belongs_to_the_good_side(comparison: Comparison, value: float, met: bool) -> None:
    found, _ = judge(Limit("ratio", comparison, 0.8, Meets.POINT), [figure(value)])

    assert found is (Finding.MET if met else Finding.NOT_MET)


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (figure(0.9, 0.8, 1.0), Finding.MET),
        (figure(0.9, 0.79, 1.0), Finding.NOT_ENOUGH_EVIDENCE),
        (figure(0.7, 0.6, 0.85), Finding.NOT_ENOUGH_EVIDENCE),
        (figure(0.7, 0.6, 0.79), Finding.NOT_MET),
        (figure(0.9), Finding.NOT_ENOUGH_EVIDENCE),
        (figure(0.9, 0.8), Finding.NOT_ENOUGH_EVIDENCE),
        (figure(0.5, 0.85, 0.9), Finding.NOT_ENOUGH_EVIDENCE),
        (figure(0.9, math.nan, 1.0), Finding.NOT_ENOUGH_EVIDENCE),
        (figure(0.9, 0.85, math.nan), Finding.NOT_ENOUGH_EVIDENCE),
        (figure(0.9, 0.8, 1.0, n=29), Finding.NOT_ENOUGH_EVIDENCE),
        (figure(0.1, 0.0, 0.2, n=29), Finding.NOT_ENOUGH_EVIDENCE),
        (figure(math.nan, 0.8, 1.0), Finding.UNKNOWN),
        (figure(math.inf, 0.8, math.inf), Finding.UNKNOWN),
    ],
)
def test_the_whole_interval_must_meet_the_limit(one: Figure, expected: Finding) -> None:
    assert judge(WHOLE, [one])[0] is expected


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0.8, 0.8, Finding.MET), (0.7, 0.9, Finding.NOT_ENOUGH_EVIDENCE), (0.8, 0.9, Finding.NOT_ENOUGH_EVIDENCE)],
)
def test_an_interval_equals_only_as_a_point(low: float, high: float, expected: Finding) -> None:
    assert judge(Limit("ratio", Comparison.EQUALS, 0.8, Meets.INTERVAL), [figure(0.8, low, high)])[0] is expected


def test_no_figure_of_the_name_is_missing_evidence() -> None:
    assert judge(AT_LEAST, [Figure("other", 1.0, 10)])[0] is Finding.MISSING


@given(
    st.lists(st.builds(figure, numbers, numbers, numbers, st.integers(0, 60)), min_size=1),
    st.sampled_from([AT_LEAST, WHOLE]),
)
def test_met_means_that_every_group_meets_it(figures: list[Figure], limit: Limit) -> None:
    alone = [judge(limit, [each])[0] for each in figures]

    assert (judge(limit, figures)[0] is Finding.MET) == all(found is Finding.MET for found in alone)
    assert judge(limit, figures)[0] in alone


@given(numbers, numbers, numbers)
def test_a_stricter_limit_is_never_easier(value: float, low: float, stricter: float) -> None:
    one = figure(value, min(low, value), max(low, value))
    easy, hard = sorted((low, stricter))

    met_hard = judge(Limit("ratio", Comparison.AT_LEAST, hard, Meets.INTERVAL), [one])[0] is Finding.MET
    met_easy = judge(Limit("ratio", Comparison.AT_LEAST, easy, Meets.INTERVAL), [one])[0] is Finding.MET

    assert met_easy or not met_hard


def test_the_sentence_names_the_group_that_fails() -> None:
    found, why = judge(WHOLE, [figure(0.9, 0.85, 0.95, group="AGE=35-49"), figure(0.6, 0.5, 0.7, group="AGE=under 25")])

    assert found is Finding.NOT_MET
    assert why == (
        "ratio at least 0.8, whole 95 % interval, each n at least 30: "
        "not met by AGE=under 25 0.600 [0.500, 0.700] (n 100)"
    )
    assert phrase(AT_LEAST) == "ratio at least 0.8"
    assert show(figure(0.5)) == "0.500 (n 100)"


def test_long_lists_are_cut_and_say_so() -> None:
    assert judge(AT_LEAST, [figure(0.1)] * 9)[1].endswith("and 3 more")
    assert "all 2 figures meet it, the nearest to it 0.810" in judge(AT_LEAST, [figure(0.9), figure(0.81)])[1]
