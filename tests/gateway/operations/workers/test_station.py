from __future__ import annotations

import os
import socket

import pytest

from muster.gateway.operations.workers.station import Station


@pytest.mark.enable_socket
def test_a_worker_reads_its_place_and_takes_its_sockets() -> None:
    ours, its = socket.socketpair()
    with ours, its, socket.create_server(("127.0.0.1", 0)) as port:
        handed = os.dup(port.fileno()), os.dup(its.fileno())
        found = Station.read("2/4", *map(str, handed))
        assert (found.number, found.count) == (2, 4)
        assert found.listening is not None
        assert found.control is not None
        with found.listening, found.control:
            assert found.listening.getsockname() == port.getsockname()
            found.control.sendall(b"x")
            assert ours.recv(1) == b"x"


@pytest.mark.parametrize("flags", [("2", "3", "4"), ("2/x", "3", "4"), ("1/2", "", "4"), ("1/2", "3", "")])
def test_nobody_else_sets_these_flags(flags: tuple[str, str, str]) -> None:
    with pytest.raises(ValueError, match="by nobody else"):
        Station.read(*flags)


def test_alone_is_the_whole() -> None:
    assert (Station().number, Station().count) == (0, 1)
