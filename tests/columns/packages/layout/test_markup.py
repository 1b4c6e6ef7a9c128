from __future__ import annotations

import pytest

from muster.columns.packages.judging.spelling import INVISIBLE
from muster.columns.packages.layout.markup import plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pip install <b>x</b>", "pip install x"),
        ("cd a<br>pip install x", "cd a\npip install x"),
        ("requests&gt;=2", "requests >=2"),
        ("pip&nbsp;install&#32;x", "pip install x"),
        ("a < b && c; &unknown;", "a < b && c; &unknown;"),
    ],
)
def test_markup_is_read_as_it_is_seen_and_every_character_keeps_its_place(text: str, expected: str) -> None:
    seen = plain(text)
    assert len(seen) == len(text)
    assert " ".join(seen.replace("\n ", "\n").split(" ")).split() == expected.split()


def test_a_letter_that_hides_in_an_entity_makes_its_name_one_with_characters_that_cannot_be_seen() -> None:
    assert INVISIBLE.search(plain("left&#45;pad"))
    assert not INVISIBLE.search(plain("&quot;left-pad&quot; &#39;x&#39;"))
