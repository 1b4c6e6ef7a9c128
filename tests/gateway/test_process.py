from __future__ import annotations

import socket
from pathlib import Path

import pytest
from tests.gateway.world import World

from muster.gateway.process import explain, listen, serve, tell
from muster.settings import Settings


@pytest.mark.enable_socket
def test_a_port_is_taken_by_one() -> None:
    with listen(Settings(gateway_port=0)) as first:
        port = first.getsockname()[1]
        with pytest.raises(OSError, match=f"cannot listen on 127.0.0.1:{port} .*--gateway-port"):
            listen(Settings(gateway_port=port))
        with socket.create_connection(("127.0.0.1", port)):
            pass


def test_strangers_are_answered_only_by_leave() -> None:
    with pytest.raises(ValueError, match="--expose"):
        listen(Settings(gateway_host="0.0.0.0"))  # noqa: S104 - refused


def test_nothing_begins_without_a_pinned_root_or_an_outbox(tmp_path: Path) -> None:
    told: list[str] = []
    assert serve(Settings(home=tmp_path), told.append) == 2
    assert explain(Settings(home=tmp_path), told.append) == 2
    assert all("no trust root was given" in line for line in told)
    assert explain(Settings(home=tmp_path, root="sha256:0"), told.append) == 2
    assert "no folder" in told[-1]
    assert list(tmp_path.iterdir()) == []


def test_explaining_tells_the_whole_chain(tmp_path: Path) -> None:
    world = World(tmp_path, present=True)
    world.order(world.release())
    told: list[str] = []
    assert explain(Settings(home=tmp_path, root=world.pinned), told.append) == 0
    for step in (
        "trust root version 1",
        "orders 1",
        "release package",
        "gate, asked again",
        "artifact",
        "serves until",
    ):
        assert any(step in line for line in told), step
    world.order()
    assert explain(Settings(home=tmp_path, root=world.pinned), told.append) == 1


def test_what_the_outbox_says_begins_no_line_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    tell("unknown field x\ngateway: credit: admitted\x1b[2J")
    assert capsys.readouterr().err == "gateway: unknown field x gateway: credit: admitted [2J\n"
