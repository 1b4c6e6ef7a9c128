from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from muster.lifecycle.entrance.links import require_link
from muster.settings import Settings
from muster.wiring.control import Local, close_house, open_house
from muster.wiring.entrance.beginning import begin

if TYPE_CHECKING:
    from tests.conftest import Founded


def test_where_there_is_no_house_one_is_made_with_a_link_for_its_owner(tmp_path: Path) -> None:
    settings, link = begin(Settings(home=tmp_path / "house"))
    assert link is not None
    assert settings.origin == "muster.local/house"
    assert settings.root.startswith("sha256:")
    house = open_house(settings)
    try:
        assert require_link(house, link.path.partition("link=")[2]) == "admin"
        tokens = Local(house, "admin").call("token list", {}, lambda _: None)
        assert {token.state for token in tokens} == {"revoked"}, "that of the founding was shown to nobody"
        assert "local:admin" in {recorded.entry.actor for recorded in house.ledger.read()}
    finally:
        close_house(house)


def test_names_may_be_said_beforehand(tmp_path: Path) -> None:
    settings, link = begin(Settings(home=tmp_path / "house", origin="bank.example/credit", actor="ines"))
    assert link is not None
    assert (settings.origin, link.actor) == ("bank.example/credit", "ines")


def test_a_house_that_stands_is_left_alone(founded: Founded) -> None:
    settings = founded.settings
    assert begin(settings) == (settings, None)


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(FileExistsError, match="nothing was touched"):
        begin(Settings(home=tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
