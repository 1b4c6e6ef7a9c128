from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2
import pytest

from muster.api.serving import config_of, serve, site_of, take_port
from muster.lifecycle.entrance.ways import Ways
from muster.settings import read_settings
from muster.wiring.remote.client import Client

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


@pytest.mark.enable_socket
def test_the_first_start_makes_a_house_and_prints_a_link_for_its_owner(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "muster.cli.main", "up", "--home", str(tmp_path / "house"), "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={"PATH": os.environ["PATH"]}) as process:
        assert process.stderr is not None
        assert "control plane of" in process.stderr.readline()
        said = process.stderr.readline()
        link = re.search(r"first owner admin: open (http://127\.0\.0\.1:\d+/enter\?link=\S+)", said)
        assert link, said
        page = httpx2.get(link[1], trust_env=False)
        stranger = httpx2.get(link[1].partition("/enter")[0] + "/api/ledger/show", trust_env=False)
        process.send_signal(signal.SIGTERM)
        process.wait(20)
    assert "You come in as <b>admin</b>" in page.text
    assert stranger.status_code == 401


def test_the_address_that_people_type_is_known_or_asked_for(founded: Founded) -> None:
    settings = founded.settings
    assert site_of(settings, "127.0.0.1", 1, tls=False).origin == "http://127.0.0.1:1"
    assert site_of(settings, "::1", 1, tls=True).origin == "https://[::1]:1"
    named = replace(settings, public_url="https://muster.bank.example")
    assert site_of(named, "0.0.0.0", 1, tls=True).origin == "https://muster.bank.example"  # noqa: S104 - named only
    for unknown in (replace(settings, behind_proxy=("192.0.2.1",)), settings):
        with pytest.raises(ValueError, match="public_url: say which address"):
            site_of(unknown, "0.0.0.0", 1, tls=True)  # noqa: S104 - named only


def test_who_asks_is_believed_of_named_proxies_only(founded: Founded) -> None:
    house, settings = founded.open(), founded.settings
    site = site_of(settings, "127.0.0.1", 1, tls=False)
    alone = config_of(settings, house, Ways(), site, {})
    assert not alone.proxy_headers
    behind = config_of(replace(settings, behind_proxy=("192.0.2.1",)), house, Ways(), site, {})
    assert (behind.proxy_headers, behind.forwarded_allow_ips) == (True, ["192.0.2.1"])
