from __future__ import annotations

from muster.columns.packages.judging.spelling import INVISIBLE, skeleton


def test_letters_that_look_alike_have_one_skeleton() -> None:
    assert skeleton("r\u0435qu\u0435sts") == "requests"
    assert skeleton("\uff4e\uff55mpy") == "numpy"
    assert skeleton("pa\u0301ndas") == "pandas"


def test_characters_that_nobody_sees_are_found() -> None:
    assert all(INVISIBLE.search(letter) for letter in "\u200b\u202e\u2066\ufeff\u00ad\u0000\u115f")
    assert not INVISIBLE.search("a-b_c.d é\n\t")
