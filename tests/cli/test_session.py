from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from muster.cli.session import PIPED_WIDTH, Session, progress
from muster.settings import read_settings
from muster.wiring.control import Local

if TYPE_CHECKING:
    from tests.conftest import Founded


def test_the_desk_is_opened_once_and_only_when_asked(founded: Founded) -> None:
    session = Session(read_settings({"home": founded.home, "actor": "ana"}, {}))
    session.close()
    assert "desk" not in session.__dict__
    assert session.call("ledger verify", {}).entries == 15
    assert isinstance(session.desk, Local)
    assert session.desk is session.desk
    session.close()


def test_progress_is_plain_lines_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    with progress() as tell:
        tell("one")
        tell("[two]")
    assert capsys.readouterr().err == "  one\n  [two]\n"


def test_tables_have_room_where_nobody_looks() -> None:
    assert Session(read_settings({}, {})).screen.width == PIPED_WIDTH
