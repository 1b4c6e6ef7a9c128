from __future__ import annotations

import os
import socket
from pathlib import Path

from muster.gateway.operations.notify import Starter


def test_a_manager_is_told_by_datagrams(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(5)
        found = Starter(str(tmp_path / "notify"))
        found.ready("2 workers serve")
        found.alive()
        found.reloading()
        found.stopping()
        said = [manager.recv(4096).decode() for _ in range(4)]
    assert said[0] == "READY=1\nSTATUS=2 workers serve"
    assert said[1] == "WATCHDOG=1"
    assert said[2].startswith("RELOADING=1\nMONOTONIC_USEC=")
    assert said[3] == "STOPPING=1"


def test_an_abstract_socket_is_meant_by_its_first_character() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        name = f"muster-{os.getpid()}"
        manager.bind(f"\0{name}")
        manager.settimeout(5)
        Starter(f"@{name}").alive()
        assert manager.recv(100) == b"WATCHDOG=1"


def test_it_is_read_from_the_environment_once_and_not_handed_on() -> None:
    environment = {"NOTIFY_SOCKET": "/run/x", "WATCHDOG_USEC": "3000000", "WATCHDOG_PID": str(os.getpid()), "HOME": "/"}
    assert Starter.found(environment) == Starter("/run/x", 3.0)
    assert environment == {"HOME": "/"}
    assert Starter.found({"NOTIFY_SOCKET": "/run/x", "WATCHDOG_USEC": "3", "WATCHDOG_PID": "1"}) == Starter("/run/x")
    assert Starter.found({}) == Starter()


def test_a_manager_that_is_gone_harms_nobody(tmp_path: Path) -> None:
    Starter(str(tmp_path / "nowhere")).alive()
    Starter().stopping()
