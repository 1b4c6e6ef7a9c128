from __future__ import annotations

import pytest
import typer

from muster.cli.groups import meant


def _app(said: list[str]) -> typer.Typer:
    def one(name: str, loud: bool = False) -> None:
        said.append(f"one {name}{' loud' * loud}")

    def other(name: str) -> None:
        said.append(f"other {name}")

    made = typer.Typer(cls=meant("one"))
    made.command("one")(one)
    made.command("other")(other)
    return made


@pytest.mark.parametrize(
    ("typed", "expected"),
    [(["x"], "one x"), (["--loud", "x"], "one x loud"), (["one", "x"], "one x"), (["other", "x"], "other x")],
)
def test_what_names_no_command_goes_to_the_one_that_is_meant(typed: list[str], expected: str) -> None:
    said: list[str] = []
    _app(said)(typed, standalone_mode=False)
    assert said == [expected]


def test_help_is_that_of_the_group(capsys: pytest.CaptureFixture[str]) -> None:
    said: list[str] = []
    _app(said)(["--help"], standalone_mode=False)
    assert "other" in capsys.readouterr().out
    assert said == []
