from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from rich.console import Console

from muster.cli.render.plain import render, short, word
from muster.records.people import Role

DIGEST = "sha256:" + "ab" * 32


@dataclass(frozen=True)
class _Inner:
    name: str
    size: float


@dataclass(frozen=True)
class _Outer:
    inner: _Inner
    items: tuple[_Inner, ...]
    gone: str = ""


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (Role.OWNER, "owner"),
        (True, "yes"),
        (12345, "12,345"),
        ((_Inner("x", 2.0), _Inner("y", 2.0)), "2"),
        (0.123456, "0.1235"),
        (1234567.0, "1,234,567"),
        (datetime(2026, 11, 23, 10, tzinfo=UTC), "2026-11-23 10:00:00 UTC"),
        (("a", "b"), "a, b"),
        ({"a": 1}, "a=1"),
        (_Inner("x", 2.0), "name=x, size=2"),
    ],
)
def test_values_in_a_few_characters(value: Any, text: str) -> None:
    assert word(value) == text


def test_digests_are_shortened_and_other_words_are_not() -> None:
    assert short(f"of {DIGEST}, sha256:ab") == "of sha256:abababababab, sha256:ab"


def test_a_record_is_rows_and_a_list_is_a_table(shown: Callable[..., str]) -> None:
    text = shown(_Outer(_Inner("[x]", 1.5), (_Inner("y", 2.0), _Inner("z", 3.0))))
    assert "[x]" in text
    assert [line.split() for line in text.splitlines() if "y" in line] == [["y", "2"]]
    table = shown((_Outer(_Inner("x", 1.5), ()), _Outer(_Inner("y", 2.5), ())))
    assert table.splitlines()[0].split() == ["name", "size"]


@pytest.mark.parametrize(
    ("result", "text"), [(None, "done\n"), ((), "nothing here yet\n"), ("[b]words[/b]", "[b]words[/b]\n")]
)
def test_other_results(shown: Callable[..., str], result: Any, text: str) -> None:
    assert shown(result) == text


def test_a_list_of_words_and_a_mapping(shown: Callable[..., str]) -> None:
    mapping: Mapping[str, int] = {"a_b": 1}
    assert shown(("one", "two")).split() == ["one", "two"]
    assert shown(mapping).split() == ["a", "b", "1"]


def test_a_wide_screen_shows_the_digests_that_name_records_whole() -> None:
    @dataclass(frozen=True)
    class Row:
        digest: str
        parent: str

    for width, whole in ((160, True), (80, False)):
        out = io.StringIO()
        render((Row(DIGEST, DIGEST),), Console(file=out, width=width, highlight=False))
        assert out.getvalue().count(DIGEST) == whole


def test_items_with_commas_of_their_own_are_told_apart() -> None:
    assert word(("US", "EU")) == "US, EU"
    assert word(("it decides, alone", "it is large")) == "it decides, alone; it is large"


def test_what_nobody_filled_is_left_out_and_digests_stay_whole_on_narrow_screens(
    shown: Callable[..., str],
) -> None:
    @dataclass(frozen=True)
    class Asked:
        version: str
        why: str
        asked_of: str = ""
        since: str | None = None

    assert "asked of" not in shown(Asked(DIGEST, "x"))
    screen = Console(file=io.StringIO(), width=40)
    render([Asked(DIGEST, "a long reason that takes some lines of this screen")] * 2, screen)
    assert screen.file.getvalue().count("sha256:abababababab ") == 2  # type: ignore[attr-defined]
