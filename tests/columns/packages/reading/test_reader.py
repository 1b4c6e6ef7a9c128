from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from muster.columns.packages.reading.python import Python
from muster.columns.packages.reading.reader import Trigger, open_brackets

TRIGGER = Trigger(r"(?<!\w)(?:import|from)(?!\w)", ("import", "from"))


def test_a_word_that_is_not_complete_is_held() -> None:
    assert TRIGGER.first("x = im", 0, ended=False) == 4
    assert TRIGGER.first("x = imx", 0, ended=False) == -1
    assert TRIGGER.first("x = im", 0, ended=True) == -1
    assert TRIGGER.first("aim", 0, ended=False) == -1


@given(st.text(st.sampled_from("import from_x.\t!pip1"), max_size=40))
def test_no_beginning_of_a_line_is_released_that_its_end_would_hold(line: str) -> None:
    whole = Python().first(line + "\n", 0)
    for end in range(len(line)):
        part = Python().first(line[:end], 0)
        assert whole < 0 or end <= whole or 0 <= part <= whole


def test_brackets_in_strings_and_comments_are_not_counted() -> None:
    assert open_brackets("f(", "#")
    assert not open_brackets("f('(')", "#")
    assert not open_brackets("x = '('  # (", "#")
