from __future__ import annotations

import getpass
import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.entered import PASSWORD, quick
from tests.servers.plane import plane

from muster.cli.main import run
from muster.lifecycle.entrance.by_password import set_password
from muster.wiring.carried.tokens import kept_token
from muster.wiring.control import close_house, open_house

if TYPE_CHECKING:
    from tests.conftest import Founded


class Terminal(io.StringIO):
    """Standard input with somebody at it."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.mark.enable_socket
def test_a_password_is_asked_for_at_the_terminal(
    founded: Founded, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    house = open_house(founded.settings)
    set_password(house, quick(), "ana", PASSWORD)
    close_house(house)
    monkeypatch.setattr(sys, "stdin", Terminal("ana\n"))
    monkeypatch.setattr(getpass, "getpass", lambda _: PASSWORD)
    with plane(founded.settings) as url:
        assert run(["sign-in", "--url", url]) == 0
        assert kept_token(url)
        said = capsys.readouterr().out
        assert "ana" in said
        assert PASSWORD not in said
        assert kept_token(url) not in said
        assert run(["sign-out", "--url", url]) == 0
        assert capsys.readouterr().out == "signed out\n"
        assert run(["sign-out", "--url", url]) == 0
        assert capsys.readouterr().out == "you were not signed in there\n"


@pytest.mark.enable_socket
def test_a_whole_link_may_be_pasted(founded: Founded, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["actor", "link", "max", "--home", str(founded.home), "--as", "admin", "--json"]) == 0
    path = capsys.readouterr().out.split('"path": "')[1].split('"')[0]
    with plane(founded.settings) as url:
        assert run(["sign-in", "--url", url, "--link", url + path]) == 0
        assert run(["whoami", "--url", url]) == 0
    assert "ml-engineer" in capsys.readouterr().out


def test_without_a_terminal_nothing_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sign-in", "ana", "--url", "http://127.0.0.1:9"]) == 2
    assert "use --link" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["sign-in", "sign-out"])
def test_it_must_be_said_where(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([command]) == 2
    assert f"say where: muster {command} --url" in capsys.readouterr().err
