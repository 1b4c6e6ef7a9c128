from __future__ import annotations

import sys
from pathlib import Path

import pytest

from muster.settings import Settings, read_settings
from muster.wiring.gateway import FLAGS, bind, command


def test_the_command_line_carries_every_setting_of_a_gateway(tmp_path: Path) -> None:
    given = Settings(
        home=tmp_path, gateway_host="::1", gateway_port=1234, expose=True, group="g", root="sha256:0", poll_seconds=0.5
    )
    line = command(given, explain=True)
    assert line[:3] == [sys.executable, "-m", "muster.gateway"]
    assert line[-1] == "--explain"
    flags = dict(part.removeprefix("--").split("=", 1) for part in line[3:-1])
    read = read_settings({name.replace("-", "_"): value for name, value in flags.items()}, {})
    assert all(getattr(read, name) == getattr(given, name) for name in FLAGS)


def test_nothing_is_made_by_binding(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no folder"):
        bind(Settings(home=tmp_path))
    (tmp_path / "outbox").mkdir()
    parts = bind(Settings(home=tmp_path))
    assert parts.state == tmp_path / "gateway"
    assert parts.clock().tzinfo is not None
    assert [path.name for path in tmp_path.iterdir()] == ["outbox"]
