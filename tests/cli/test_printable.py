from __future__ import annotations

from muster.cli.printable import printable


def test_letters_and_lines_stay() -> None:
    assert printable("größe: 5 %\nnext") == "größe: 5 %\nnext"


def test_what_moves_a_cursor_is_made_visible() -> None:
    assert printable("a\x1b[31mb\rc\u202ed") == "a\ufffd[31mb\ufffdc\ufffdd"
