from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from muster.cli.main import run

if TYPE_CHECKING:
    from tests.conftest import Founded


def test_init_makes_a_house_and_shows_what_to_keep(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["init", "--home", str(tmp_path / "h"), "--origin", "bank.example/credit", "--admin", "eve", "--json"]
    assert run(words) == 0
    made = json.loads(capsys.readouterr().out)
    assert (made["origin"], made["admin"]) == ("bank.example/credit", "eve")
    assert run(["actor", "list", "--home", str(tmp_path / "h"), "--as", "eve"]) == 0


def test_init_twice_is_an_error(founded: Founded, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", "--home", str(founded.home)]) == 2
    assert "nothing was touched" in capsys.readouterr().err


@pytest.mark.enable_socket
def test_up_on_a_taken_port_is_an_error(founded: Founded, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert run(["up", "--home", str(founded.home), "--port", str(port)]) == 2
    assert f"error: port {port} on 127.0.0.1 is taken" in capsys.readouterr().err


def test_up_beyond_this_machine_must_be_meant(founded: Founded, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["up", "--home", str(founded.home), "--host", "0.0.0.0"]) == 2  # noqa: S104 - it is refused
    assert "--expose" in capsys.readouterr().err


def test_serve_explains_in_a_process_of_its_own(founded: Founded, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["serve", "--home", str(founded.home), "--explain"]) in {1, 2}
    said = capfd.readouterr()
    assert said.out + said.err
    assert "Traceback" not in said.err
