from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from muster.api.serving import serve, take_port
from muster.settings import read_settings
from muster.wiring.client import Client

if TYPE_CHECKING:
    from tests.conftest import Founded


@pytest.mark.enable_socket
def test_a_taken_port_is_said_before_anything_is_started(founded: Founded) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        settings = read_settings({"home": founded.home, "port": port}, {})
        with pytest.raises(OSError, match=rf"port {port} on 127.0.0.1 is taken"):
            serve(settings)


def test_listening_beyond_this_machine_must_be_meant(founded: Founded) -> None:
    settings = read_settings({"home": founded.home, "host": "0.0.0.0", "port": 0}, {})  # noqa: S104 - it is refused
    with pytest.raises(ValueError, match="set expose"):
        serve(settings)


@pytest.mark.enable_socket
def test_an_address_of_another_machine_is_an_error() -> None:
    with pytest.raises(OSError, match="cannot listen on 192.0.2.1"):
        take_port("192.0.2.1", 0)


@pytest.mark.enable_socket
def test_the_process_answers_and_ends_when_it_is_told(founded: Founded) -> None:
    command = [sys.executable, "-m", "muster.cli.main", "up", "--home", str(founded.home), "--port", "0"]
    environment = {"PATH": os.environ["PATH"]}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stderr is not None
        said = process.stderr.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+", said)
        assert address, said
        actors = Client(address[0], founded.tokens["ana"]).call("actor list", {}, lambda _: None)
        process.send_signal(signal.SIGTERM)
        process.wait(20)
    assert {actor.id for actor in actors} == {"admin", "ana", "ines", "max", "olga"}
    assert process.returncode in {0, -signal.SIGTERM}
