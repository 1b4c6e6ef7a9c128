from __future__ import annotations

from muster.gateway.http.telling import Line


def test_a_line_is_its_words_and_knows_more() -> None:
    line = Line("loans: admitted", "info", "admission", deployment="loans")
    assert line == "loans: admitted"
    assert (line.level, line.what, line.told) == ("info", "admission", {"deployment": "loans"})
    assert (Line("x").level, Line("x").what, Line("x").told) == ("info", "line", {})
