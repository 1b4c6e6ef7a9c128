from __future__ import annotations

import socket
from pathlib import Path

import pytest

from muster.gateway.admission.seen import SeenFile
from muster.gateway.operations.workers.supervising import supervise
from muster.settings import Settings


@pytest.mark.enable_socket
def test_what_cannot_begin_says_why_and_starts_nobody(tmp_path: Path) -> None:
    told: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert supervise(Settings(home=tmp_path, workers=2, root="x", gateway_port=port), told.append) == 2
    assert "cannot listen" in told[-1]
    with SeenFile(tmp_path / "gateway", "default").locked():
        assert supervise(Settings(home=tmp_path, workers=2, root="x", gateway_port=0), told.append) == 2
    assert "another gateway uses" in told[-1]
    strangers = Settings(home=tmp_path, workers=2, root="x", gateway_host="0.0.0.0")  # noqa: S104 - refused
    assert supervise(strangers, told.append) == 2
    assert "--expose" in told[-1]
