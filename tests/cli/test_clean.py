from __future__ import annotations

import io
from datetime import UTC, datetime

from rich.console import Console
from rich.text import Text

from muster.cli.clean import clean
from muster.cli.render.decisions import render
from muster.records.decision import Decision, Finding, Question, Reason, Verdict

EVIL = "\x1b]0;owned\x07\x1b[2J\x9b1A\u202eDEWOLLA\r"


def console() -> Console:
    return clean(Console(file=io.StringIO(), highlight=False, width=100, force_terminal=True))


def shown(screen: Console) -> str:
    assert isinstance(screen.file, io.StringIO)
    return screen.file.getvalue()


def test_what_others_wrote_is_shown_and_not_obeyed() -> None:
    screen = console()
    screen.print(EVIL, markup=False)
    screen.print(Text(EVIL))
    assert "\x1b" not in shown(screen)
    assert not {"\x9b", "\u202e", "\r", "\x07"} & set(shown(screen))
    assert "owned" in shown(screen)


def test_our_own_styles_stay() -> None:
    screen = console()
    screen.print(Text("word", "bold"))
    assert shown(screen) == "\x1b[1mword\x1b[0m\n"


def test_a_group_of_the_data_cannot_turn_a_refusal_into_an_allowance() -> None:
    reason = Reason("control", Finding.NOT_MET, "statement", f"not met by {EVIL} 0.5")
    question = Question("sha256:" + "0" * 64, EVIL, "production", "serve")
    screen = console()
    render(Decision(question, Verdict.REFUSE, (reason,), "", "", 1, datetime(2026, 1, 1, tzinfo=UTC)), screen)
    assert not {"\x9b", "\u202e", "\r", "\x07"} & set(shown(screen))
    assert "\x1b[2J" not in shown(screen)
    assert "REFUSED" in shown(screen)
