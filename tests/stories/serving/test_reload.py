"""Versions change while callers ask, and people stop a deployment, with real gateways, threads and clocks."""

from __future__ import annotations

import http.client
import json
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from tests.gateway.caller import jsonb
from tests.gateway.papers.written import body
from tests.gateway.world import World
from tests.stories.test_gateway import ask, free_port, running, until
from tests.walk import INPUTS, Walked

from muster.records.release import Buckets, Part
from muster.rules.traffic.sharing import settled
from muster.settings import Settings
from muster.wiring.gateway import command

pytestmark = pytest.mark.enable_socket

POLL = 0.5


@dataclass
class Load:
    """Callers that ask over connections that stay open, as fast as they are answered."""

    port: int
    path: str = "/v2/models/loans/infer"
    content: bytes = field(default_factory=lambda: jsonb(body()))
    answers: list[tuple[float, float, int, str]] = field(default_factory=list)
    """When, how long in seconds, status, and version or error."""
    ended: threading.Event = field(default_factory=threading.Event)

    def _ask(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        while not self.ended.is_set():
            began = time.perf_counter()
            connection.request("POST", self.path, self.content)
            with connection.getresponse() as answer:
                said = json.loads(answer.read())
            taken = time.perf_counter() - began
            self.answers.append((began, taken, answer.status, said.get("model_version", said.get("error"))))
        connection.close()

    @contextmanager
    def of(self, callers: int = 4) -> Iterator[Load]:
        threads = [threading.Thread(target=self._ask) for _ in range(callers)]
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            self.ended.set()
            for thread in threads:
                thread.join()

    def saw(self, version: str, least: int = 50) -> bool:
        """Tell whether the newest answers are all of a version."""
        newest = self.answers[-least:]
        return len(newest) == least and all(said == version for _, _, _, said in newest)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, present=True)


def test_versions_change_under_load_and_no_request_is_dropped(world: World) -> None:
    blue, green = world.release(), world.release(bias=1.0)
    world.order(blue)
    port = free_port()
    with running(world, port), Load(port).of() as load:
        for each in (green, blue, green, blue):
            until(lambda: len(load.answers) > 100)
            world.order(each)
            until(lambda now=each: load.saw(now.version), 20)
        until(lambda: load.saw(blue.version))
    assert {status for _, _, status, _ in load.answers} == {200}
    assert {version for *_, version in load.answers} == {blue.version, green.version}


def test_a_share_grows_under_load_and_everybody_is_answered(world: World) -> None:
    one, other = world.release(), world.release(bias=1.0)
    world.order(one)
    port = free_port()
    with running(world, port), Load(port).of(2) as load:
        for end in (1_000, 5_000, 0):
            arms = [replace(other, part=Part.CHALLENGER, people=(Buckets(0, end),))] if end else []
            world.order(*settled((one, *arms)))
            count = len(load.answers)
            until(lambda most=count + 150: len(load.answers) > most, 20)
        until(lambda: load.saw(one.version), 20)
    assert {status for _, _, status, _ in load.answers} == {200}
    assert {version for *_, version in load.answers} == {one.version, other.version}


def test_a_shadow_that_is_too_slow_holds_up_nobody(world: World) -> None:
    one, other = world.release(), world.release(bias=1.0)
    world.order(one, replace(other, part=Part.SHADOW, people=(Buckets(0, 10_000),)))
    port = free_port()
    with running(world, port), Load(port, content=jsonb(body(900))).of() as load:
        until(lambda: len(load.answers) > 300, 30)
    assert {(status, version) for _, _, status, version in load.answers} == {(200, one.version)}


@contextmanager
def gateway(walked: Walked, name: str, port: int) -> Iterator[Path]:
    given: dict[str, Any] = {"home": walked.home, "gateway_port": port, "root": walked.fingerprint}
    given |= {"poll_seconds": POLL, "gateway_name": name, "gateway_state": walked.home / name}
    told = walked.home / f"{name}.told"
    with told.open("wb") as file, subprocess.Popen(command(Settings(**given)), stderr=file) as process:
        try:
            until(lambda: "listening" in told.read_text() or process.poll() is not None, 20)
            assert process.poll() is None, told.read_text()
            yield told
        finally:
            process.kill()


def test_the_stop_button_reaches_every_replica_within_its_poll_interval(walked: Walked) -> None:
    path, content = "/predict/credit", jsonb(dict.fromkeys(INPUTS, 1))
    ports = [free_port(), free_port()]
    with ExitStack() as stack:
        told = [stack.enter_context(gateway(walked, f"g{place}", port)) for place, port in enumerate(ports)]
        for port in ports:
            assert ask(port, path, content)[0] == 200
        walked.do("ana", "stop", deployment="credit", reason="complaints")
        until(lambda: all(ask(port, path, content)[0] == 503 for port in ports))
        assert ask(ports[0], path, content) == (503, {"error": "not available"})
        for file in told:
            until(lambda now=file: "people stopped it" in now.read_text())
        walked.do("omar", "orders issue")
        walked.do("omar", "resume", deployment="credit", reason="mended")
        until(lambda: all(ask(port, path, content)[0] == 200 for port in ports))
