from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.lifecycle.page.markup import Html, exact, facts, interval, number, said, settings, short, table, tag, text
from muster.records.evidence import Figure


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


def test_large_numbers_are_written_to_the_unit_and_exact_ones_carry_every_digit() -> None:
    assert number(1234567.8) == "1,234,568"
    assert exact(0.1 + 0.2) == '<data value="0.30000000000000004">0.3</data>'
    assert exact(None) == number(None)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_digit_comes_back(value: float) -> None:
    assert float(re.findall(r'value="([^"]+)"', exact(value))[0]) == value


def test_facts_settings_and_parameters_are_written_for_readers() -> None:
    assert facts({"a": "<b>"}) == "<dl><dt>a</dt><dd>&lt;b&gt;</dd></dl>"
    assert settings({"rate": 0.05, "depth": 3}) == "depth 3, rate 0.05"
    assert settings({}) == "none set"
    assert said({"AGE": [25, 35]}) == "AGE 25, 35"
    assert said(62) == "62"
