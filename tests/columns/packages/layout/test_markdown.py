from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from muster.columns.packages.layout.markdown import File, Markdown, Turn
from muster.columns.packages.reading.python import Python


def inside(text: str) -> list[str]:
    """Return the lines within fences."""
    layout = Markdown()
    lines = text.splitlines(keepends=True)
    return [line.strip() for line in lines if layout.turn(line) is Turn.NONE and not layout.prose]


def test_fences_open_and_close_also_in_lists_and_quotations() -> None:
    assert inside("a\n```py\nb\n```\nc\n") == ["b"]
    assert inside("1. ```py\n   b\n   ```\n> ~~~\n> c\n> ~~~\nd\n") == ["b", "> c"]
    assert inside("````md\n```py\na\n```\n````\nb\n") == ["```py", "a", "```"]


def test_three_backticks_around_words_of_a_line_are_a_span() -> None:
    assert inside("```pip install x``` y\nz\n") == []


def test_an_unfinished_line_waits_only_while_it_may_be_a_fence() -> None:
    layout = Markdown()
    assert layout.waits("  ``")
    assert layout.waits("```pyth")
    assert layout.waits("1")
    assert not layout.waits("so")
    assert not layout.waits("1" * 200_000)


def test_a_file_has_no_fences() -> None:
    reader = Python()
    assert File(reader).turn("```\n") is Turn.NONE
    assert not File(reader).waits("```")


@given(st.lists(st.sampled_from(["```", "```py", "~~~", "~~~~", "````", "a = 1", "text", "", "``"]), max_size=12))
def test_fences_are_those_of_commonmark(lines: list[str]) -> None:
    text = "".join(line + "\n" for line in lines)
    tokens = MarkdownIt("commonmark").parse(text)
    expected = [line for token in tokens if token.type == "fence" for line in token.content.splitlines()]
    assert inside(text) == expected
