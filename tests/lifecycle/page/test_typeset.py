from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.adapters.typesetting.pdf import typesetter
from muster.lifecycle.page.charts.bars import bars
from muster.lifecycle.page.markup import facts, table, tag
from muster.lifecycle.page.typeset import typeset
from muster.records.evidence import Figure

AT = datetime(2026, 11, 23, tzinfo=UTC)
_STRING = re.compile(r'"((?:\\.|[^"\\])*)"', re.DOTALL)


def _strings(source: str) -> list[str]:
    return [found.replace('\\"', '"').replace("\\\\", "\\") for found in _STRING.findall(source)]


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]), min_size=1))
def test_whatever_a_name_says_is_set_as_text(name: str) -> None:
    source = typeset("t", AT, tag("p", name))
    legal = re.sub("[\ufffe\uffff]", " ", name)
    assert legal in _strings(source)
    # Without its strings the source is the same, so that nothing in a name can be markup.
    assert _STRING.sub("", source) == _STRING.sub("", typeset("t", AT, tag("p", "x")))


def test_tables_know_their_columns_and_charts_their_colours_and_words() -> None:
    shown = table(("A", "B", "C"), [("1", "2", tag("code", "3")), ("4", "5", "6")], "All of it")
    chart = bars([Figure("changed", 0.5, 9, group="a"), Figure("changed", 0.25, 9, group="b")])
    source = typeset("t", AT, shown, facts({"Purpose": "loans"}), tag("nav", "left out"), chart)
    assert "#table(columns: 3, table.header(" in source
    assert '#mono[#"3";]' in source
    assert "left out" not in source
    (drawn,) = [words for words in _strings(source) if words.startswith("<svg")]
    assert "viewBox=" in drawn
    assert "#23508e" in drawn
    assert "var(" not in drawn
    assert 'alt: "' in source


def test_the_same_parts_are_the_same_source() -> None:
    assert typeset("t", AT, tag("p", "x")) == typeset("t", AT, tag("p", "x"))
    assert "datetime(year: 2026, month: 11, day: 23)" in typeset("t", AT)


@pytest.mark.skipif(typesetter() is None, reason="needs the extra `report` (typst)")
def test_typst_understands_the_source() -> None:
    make = typesetter()
    assert make is not None
    enemy = 'a "quote" \\ #import "x" $y$ *z* _u_ <v> @w ] [ // /* ` = - + / ~'
    made = make(typeset(enemy, AT, tag("h1", enemy), tag("ul", tag("li", enemy)), table((enemy,), [(enemy,)], enemy)))
    assert made.startswith(b"%PDF-")


def test_keys_of_charts_have_the_mark_and_the_colour_that_they_have_there() -> None:
    source = typeset("t", AT, *(tag("span", name, class_=f"key {name}") for name in ("better", "worse", "limit")))
    assert '#text(fill: rgb("#1b6b43"))[#mono[#"●";] #"better";]' in source
    assert '#text(fill: rgb("#a3262a"))[#mono[#"◆";] #"worse";]' in source
    assert '[#mono[#"┈";] #"limit";]' in source


def test_no_page_ends_between_what_belongs_together() -> None:
    figure = tag("figure", tag("svg"), tag("figcaption", "below"))
    source = typeset("t", AT, tag("h2", "head"), tag("p", "before"), figure, tag("p", "after"))
    assert '#block(sticky: true)[\n\n#"before";' in source
    assert "#block(breakable: false)[\n\n#image(" in source
    assert '#block(sticky: true)[\n\n#"after";' not in source
    assert source.count("sticky: true, text(") == 4
    few, many = (typeset("t", AT, table(("A",), [("1",)] * rows, "All")) for rows in (14, 15))
    assert "#block(breakable: false)[#table(" in few
    assert "#block(breakable: false)[#table(" not in many
    assert '#block(sticky: true)[#quiet[#"All";];]' in many


@pytest.mark.skipif(typesetter() is None, reason="needs the extra `report` (typst)")
def test_typst_understands_keys_and_blocks() -> None:
    make = typesetter()
    assert make is not None
    key = tag("span", "better", class_="key better")
    figure = tag("figure", bars([Figure("changed", 0.5, 9, group="a")]), tag("figcaption", "below", key))
    made = make(typeset("t", AT, tag("h3", "head"), tag("p", "before"), figure, table(("A",), [("1",)], "All")))
    assert made.startswith(b"%PDF-")
