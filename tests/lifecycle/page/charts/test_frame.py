import math

from hypothesis import given
from hypothesis import strategies as st
from tests.lifecycle.page.reading import read

from muster.lifecycle.page.charts.frame import Axis, drawing, mark, tick_label, words

numbers = st.floats(-1e9, 1e9)


@given(st.lists(numbers, min_size=1, max_size=9))
def test_every_value_has_its_place_between_the_ends_in_order(values: list[float]) -> None:
    axis = Axis.around(values, 10, 110)
    places = [float(axis.at(value)) for value in sorted(values)]

    assert all(10 <= place <= 110 for place in places)
    assert places == sorted(places)


@given(st.lists(numbers, min_size=1, max_size=9))
def test_ticks_are_few_round_and_on_the_scale(values: list[float]) -> None:
    axis = Axis.around(values, 0, 100)
    ticks = axis.ticks()
    step = 10.0 ** math.floor(math.log10((axis.high - axis.low) / 5))

    assert 1 <= len(ticks) <= 7
    assert all(axis.low - step / 1e3 <= tick <= axis.high + step / 1e3 for tick in ticks)
    assert all(math.isclose(tick / step, round(tick / step), rel_tol=1e-9, abs_tol=1e-6) for tick in ticks)


def test_labels_are_free_of_the_noise_of_binary_fractions() -> None:
    assert [tick_label(value) for value in (0.1 * 3, 0.0, 1200, 2e7)] == ["0.3", "0", "1,200", "2e+07"]


def test_a_drawing_says_what_it_shows_and_escapes_it() -> None:
    drawn = drawing("a <b>", "c & d", 40, [words("<x>", "1", "2"), mark("diamond", "3", "4", "<y>", "worse")])

    read(drawn)
    assert 'role="img"' in drawn
    assert 'aria-label="a &lt;b&gt;. c &amp; d"' in drawn
    assert "<title>a &lt;b&gt;</title><desc>c &amp; d</desc>" in drawn
    assert "&lt;x&gt;" in drawn
    assert "&lt;y&gt;" in drawn
