from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from tests.lifecycle.page.reading import plain, read

from muster.lifecycle.page.charts.frame import WIDTH
from muster.lifecycle.page.charts.intervals import MOST, intervals
from muster.records.evidence import Figure
from muster.records.policy import Comparison, Limit, Meets

LIMIT = Limit("ratio", Comparison.AT_LEAST, 0.8, Meets.INTERVAL)
THREE = (
    Figure("ratio", 0.9, 50, 0.85, 0.95, "a"),
    Figure("ratio", 0.7, 50, 0.65, 0.75, "b"),
    Figure("ratio", 0.8, 50, 0.75, 0.85, "c <i>"),
)
numbers = st.floats(-1e9, 1e9)
many = st.lists(
    st.builds(Figure, st.just("ratio"), numbers, st.integers(1), numbers, numbers, st.text(max_size=40)),
    min_size=1,
    max_size=9,
)


@given(many)
def test_every_figure_is_inside_the_frame(figures: list[Figure]) -> None:
    drawn = intervals(figures, LIMIT)
    places = [float(x) for x in re.findall(r'(?:cx|x1|x2|d)="M?([-0-9.]+)', drawn)]

    read(drawn)
    assert drawn.count('class="mark') == len(figures)
    assert all(0 <= x <= WIDTH for x in places)


def test_the_three_outcomes_differ_in_shape_and_are_said_in_words() -> None:
    drawn = intervals(THREE, LIMIT)

    assert 'class="mark dot better"' in drawn
    assert 'class="mark worse"' in drawn
    assert 'class="mark ring open"' in drawn
    assert "Of 3: 1 better, 1 worse, 1 not enough evidence." in drawn
    assert "Demanded: ratio at least 0.8, whole 95 % interval. better worse not enough evidence" in plain(drawn)
    assert "c &lt;i&gt;" in drawn


def test_a_reader_is_told_where_the_point_counts() -> None:
    assert "The point counts, not the interval." in intervals(THREE, replace(LIMIT, meets=Meets.POINT))


def test_without_a_limit_nothing_is_judged() -> None:
    drawn = intervals(THREE)

    assert drawn.count('class="mark dot plain"') == 3
    assert "limit" not in drawn


def test_of_very_many_the_worst_are_drawn() -> None:
    figures = [Figure("ratio", place / 100, 50, group=f"g{place}") for place in range(60)]
    least = intervals(figures, LIMIT)
    most = intervals(figures, replace(LIMIT, comparison=Comparison.AT_MOST))

    assert least.count('class="mark') == MOST
    assert f"The {MOST} worst of 60." in least
    assert ">g0<" in least
    assert ">g59<" not in least
    assert ">g59<" in most
    assert ">g0<" not in most
    assert f"The {MOST} largest of 60." in intervals(figures)
