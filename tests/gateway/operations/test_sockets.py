from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from muster.gateway.operations.sockets import address, adopted, handed_over, listen, listen_metrics
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


@pytest.mark.enable_socket
def test_a_socket_that_was_handed_over_is_taken_and_guarded_like_a_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as given:
        taken = adopted(os.dup(given.fileno()))
        assert not os.get_inheritable(taken.fileno())
        with listen(Settings(), taken) as listening:
            assert address(listening) == address(given)
    everywhere = ("0.0.0.0", 0)  # noqa: S104 - refused
    with socket.create_server(everywhere) as given, pytest.raises(ValueError, match="--expose"):
        listen(Settings(), given)


def test_a_socket_of_a_file_needs_no_leave(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as given:
        given.bind(str(tmp_path / "gateway"))
        given.listen()
        with listen(Settings(), given) as listening:
            assert address(listening) == f"unix:{tmp_path / 'gateway'}"


@pytest.mark.enable_socket
def test_what_listens_nowhere_is_not_taken() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, pytest.raises(ValueError, match="no listening stream socket"):
        adopted(os.dup(ours.fileno()))
    with Path(os.devnull).open("rb") as file, pytest.raises(ValueError, match="is no socket"):
        adopted(os.dup(file.fileno()))


def test_sockets_are_only_taken_from_whoever_means_this_process() -> None:
    environment = {"LISTEN_PID": "1", "LISTEN_FDS": "1", "LISTEN_FDNAMES": "x", "HOME": "/"}
    assert handed_over(environment) == {}
    assert environment == {"HOME": "/"}
    assert handed_over({}) == {}


@pytest.mark.enable_socket
def test_figures_have_a_port_of_their_own_or_none() -> None:
    assert listen_metrics(Settings()) is None
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match="--metrics-port"):
            listen_metrics(Settings(metrics_port=port))
        assert listen_metrics(Settings(), taken) is taken


@pytest.mark.enable_socket
def test_an_address_is_written_as_people_type_it() -> None:
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as listening:
        assert address(listening) == f"[::1]:{listening.getsockname()[1]}"
