from __future__ import annotations

import re

from muster.guards.output.found import Found, matches


def test_the_group_it_is_what_is_meant() -> None:
    patterns = {"a": re.compile("x(?P<it>y)"), "b": re.compile("z")}
    assert list(matches(patterns, "xyz")) == [Found("a", 1, 2), Found("b", 2, 3)]
