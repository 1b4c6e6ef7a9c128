from __future__ import annotations

import sys
from pathlib import Path

import pytest

from muster.settings import Settings, read_settings
from muster.wiring.gateway import FLAGS, bind, command, explain


def test_the_command_line_carries_every_setting_of_a_gateway(tmp_path: Path) -> None:
    given = Settings(
        home=tmp_path, gateway_host="::1", gateway_port=1234, expose=True, group="g", root="sha256:0", poll_seconds=0.5
    )
    line = command(given, explain=True)
    assert line[:4] == [sys.executable, "-P", "-m", "muster.gateway"]
    assert line[-1] == "--explain"
    flags = dict(part.removeprefix("--").split("=", 1) for part in line[4:-1])
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


def test_a_module_in_the_current_folder_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trap = "import pathlib; pathlib.Path('trapped').touch()"
    for name in ("msgspec", "numpy", "uvicorn", "muster"):
        (tmp_path / f"{name}.py").write_text(trap, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert explain(Settings(home=tmp_path / "none", root="sha256:0")) == 2
    assert not (tmp_path / "trapped").exists()
