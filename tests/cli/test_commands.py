from __future__ import annotations

import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import pytest
import typer

from muster.cli.commands import command_of, local_command, session_of
from muster.cli.session import Session
from muster.lifecycle.catalogue import CATALOGUE

if TYPE_CHECKING:
    from tests.conftest import Founded


def test_every_command_has_the_options_that_all_have() -> None:
    for asked in CATALOGUE.values():
        assert {"home", "url", "as_", "as_json"} <= set(inspect.signature(command_of(asked)).parameters)


def test_only_what_gives_a_file_asks_where_to_put_it() -> None:
    assert "output" in inspect.signature(command_of(CATALOGUE["dataset download"])).parameters
    assert "output" not in inspect.signature(command_of(CATALOGUE["actor list"])).parameters


@pytest.mark.parametrize("name", ["model train", "model list", "dataset snapshot", "dataset split"])
def test_what_has_a_digest_may_print_nothing_else(name: str) -> None:
    assert "only_digest" in inspect.signature(command_of(CATALOGUE[name])).parameters


def test_what_has_no_digest_does_not_offer_it() -> None:
    assert "only_digest" not in inspect.signature(command_of(CATALOGUE["actor list"])).parameters


def test_a_parameter_may_not_hide_an_option_of_all() -> None:
    def clash(session: Session, home: Annotated[str, typer.Option()] = "") -> None:
        """Do nothing."""

    with pytest.raises(ValueError, match="home would hide an option"):
        local_command(clash)


def test_a_local_command_is_given_its_session(founded: Founded) -> None:
    def count(session: Session, more: Annotated[int, typer.Option()] = 0) -> int:
        return session.call("ledger verify", {}).entries + more

    typed = {"home": str(founded.home), "url": None, "as_": "ana", "as_json": False}
    assert local_command(count)(more=10, **typed) == 25


def test_a_local_command_that_returns_nothing_is_done() -> None:
    def nothing(session: Session) -> None:
        """Do nothing."""

    assert local_command(nothing)(home=None, url=None, as_=None, as_json=False) == 0


def test_the_session_is_read_from_the_options_of_all(tmp_path: Path) -> None:
    session = session_of({"home": str(tmp_path), "as_": "ana", "as_json": True, "output": "x", "force": True})
    assert (session.settings.home, session.settings.actor) == (tmp_path, "ana")
    assert (session.as_json, session.output, session.force) == (True, Path("x"), True)


def test_naming_an_actor_and_a_control_plane_is_a_contradiction(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_URL", "https://control.example")
    with pytest.raises(ValueError, match="--as is for local mode"):
        session_of({"as_": "ana"})
