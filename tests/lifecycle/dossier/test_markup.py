from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.lifecycle.dossier.markup import Html, interval, number, picture, short, table, tag, text
from muster.records.evidence import Figure
from muster.records.policy import Comparison, Limit, Meets

LIMIT = Limit("ratio", Comparison.AT_LEAST, 0.8, Meets.INTERVAL)
numbers = st.floats(-1e9, 1e9)


@given(st.text())
def test_text_is_escaped_once_and_markup_never(words: str) -> None:
    once = text(words)

    assert not set(re.sub(r"&(amp|lt|gt|quot|#x27);", "", once)) & set("<>&\"'")
    assert text(once) == once
    assert isinstance(once, Html)


def test_elements_escape_children_and_attributes() -> None:
    assert tag("p", "<b>", tag("i", "x"), class_='"a"', data_head="y") == (
        '<p class="&quot;a&quot;" data-head="y">&lt;b&gt;<i>x</i></p>'
    )


def test_cells_carry_the_name_of_their_column() -> None:
    drawn = table(("A", "B"), [("1", "2")], "two")

    assert drawn.count("<td data-head=") == 2
    assert "<caption>two</caption>" in drawn
    with pytest.raises(ValueError, match="zip"):
        table(("A", "B"), [("1",)], "one")


def test_numbers_are_short_and_what_is_not_known_is_a_dash() -> None:
    assert [number(value) for value in (0.123456, 1234.5, 0.0, None)] == ["0.1235", "1,234", "0", "–"]  # noqa: RUF001 - a dash
    assert interval(Figure("ratio", 1.0, 3)) == "none"
    assert interval(Figure("ratio", 1.0, 3, 0.5, 1.5)) == "0.5 to 1.5"
    assert short("sha256:" + "ab" * 32) == f'<code title="sha256:{"ab" * 32}">abababababab</code>'


@given(
    st.lists(
        st.builds(Figure, st.just("ratio"), numbers, st.integers(1), numbers, numbers, st.text(max_size=40)),
        min_size=1,
        max_size=9,
    )
)
def test_a_picture_shows_every_figure_inside_its_frame(figures: list[Figure]) -> None:
    drawn = picture(figures, LIMIT)
    places = [float(x) for x in re.findall(r'(?:cx|x1|x2)="([^"]+)"', drawn)]

    assert drawn.count("<circle") == len(figures)
    assert all(190 <= x <= 640 for x in places)
