"""The gateway as its users meet it: a process, real clients, signals, a kill."""

from __future__ import annotations

import json
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.client import HTTPException
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.gateway.caller import jsonb
from tests.gateway.papers.written import body
from tests.gateway.world import World
from tests.servers.certificate import certificate

from muster.gateway.fence import FENCED
from muster.settings import Settings
from muster.wiring.gateway import command, explain

pytestmark = pytest.mark.enable_socket


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def settings(world: World, port: int, **changes: object) -> Settings:
    given = {"home": world.folder, "gateway_port": port, "root": world.pinned, "poll_seconds": 0.1, **changes}
    return Settings(**given)  # type: ignore[arg-type]


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A world in the present: the process has a real clock."""
    return World(tmp_path, present=True)


@contextmanager
def running(world: World, port: int, **changes: object) -> Iterator[subprocess.Popen[bytes]]:
    told = world.folder / f"told-{time.monotonic_ns()}"
    with told.open("wb") as file, subprocess.Popen(command(settings(world, port, **changes)), stderr=file) as process:
        try:
            until(lambda: "listening" in told.read_text() or process.poll() is not None)
            assert process.poll() is None, told.read_text()
            yield process
        finally:
            process.kill()


def ask(port: int, path: str, content: bytes | None = None) -> tuple[int, Any]:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data=content)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=10) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


def until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.05)


def test_a_gateway_serves_follows_its_orders_and_drains(world: World) -> None:
    deployment = world.release()
    world.order(deployment)
    port = free_port()
    with running(world, port) as process:
        tritonclient_can_ask(port)
        status, answer = ask(port, "/v2/models/loans/infer", jsonb(body()))
        assert status == 200
        twice = subprocess.run(command(settings(world, port)), capture_output=True, text=True, check=False)
        assert twice.returncode == 2
        assert "cannot listen" in twice.stderr
        other = subprocess.run(command(settings(world, free_port())), capture_output=True, text=True, check=False)
        assert other.returncode == 2
        assert "another gateway uses" in other.stderr
        world.order()
        until(lambda: ask(port, "/v2/health/ready")[0] == 503)
        world.order(deployment)
        until(lambda: ask(port, "/v2/health/ready")[0] == 200)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    decisions = {row["decision_id"] for row in world.logged()}
    assert answer["outputs"][2]["data"][0] in decisions
    assert len(decisions) == 7
    assert not list((world.folder / "log").rglob("*.open"))


def tritonclient_can_ask(port: int) -> None:
    from tritonclient import http

    with http.InferenceServerClient(f"127.0.0.1:{port}") as client:
        assert client.is_server_live()
        assert client.is_server_ready()
        assert client.is_model_ready("loans")
        assert client.get_server_metadata()["name"] == "muster"
        version = client.get_model_metadata("loans")["versions"][0]
        columns = {
            "income": np.array([[1e4], [9e4], [5e4]]),
            "months": np.array([[1], [2], [3]], np.int64),
            "job": np.array([["clerk"], ["smith"], ["weaver"]], np.object_),
        }
        kinds = {"income": "FP64", "months": "INT64", "job": "BYTES"}
        inputs = []
        for name, values in columns.items():
            inputs.append(http.InferInput(name, list(values.shape), kinds[name]))
            inputs[-1].set_data_from_numpy(values, binary_data=False)
        wanted = [http.InferRequestedOutput(name, binary_data=False) for name in ("score", "decision")]
        result = client.infer("loans", inputs, version, outputs=wanted, request_id="from-triton")
        assert result.get_response()["id"] == "from-triton"
        scores, decisions = result.as_numpy("score"), result.as_numpy("decision")
        assert scores.dtype == np.float64
        assert decisions.tolist() == ["approve" if s < 0.5 else "refuse" for s in scores]
        for tensor, values in zip(inputs, columns.values(), strict=True):
            tensor.set_data_from_numpy(values)  # binary, as it does by itself
        again = client.infer("loans", inputs)
        assert again.as_numpy("score").tolist() == scores.tolist()


def test_a_killed_gateway_loses_nothing_that_was_on_disk(world: World) -> None:
    world.order(world.release())
    port = free_port()
    answered: list[str] = []

    def load() -> None:
        while True:
            try:
                _, answer = ask(port, "/v2/models/loans/infer", jsonb(body(3)))
            except (OSError, HTTPException):  # gone, perhaps in the middle of an answer
                return
            answered.extend(answer["outputs"][2]["data"])

    def kept() -> list[str]:
        return [row["decision_id"] for row in world.logged()]

    with running(world, port) as process:
        callers = [threading.Thread(target=load) for _ in range(3)]
        for caller in callers:
            caller.start()
        until(lambda: len(answered) > 300)
        early = set(answered)
        until(lambda: early < set(kept()))  # what was answered reaches the disk while the load goes on
        process.kill()
        for caller in callers:
            caller.join()
    after = kept()
    assert early <= set(after)
    assert len(set(after)) == len(after)
    assert len(after) > len(early)
    with running(world, port):
        assert ask(port, "/v2/models/loans/infer", jsonb(body()))[0] == 200


def latest_is(answers: list[tuple[int, str]], version: str) -> bool:
    return bool(answers) and answers[-1][1] == version


def test_no_request_is_dropped_while_another_version_takes_over(world: World) -> None:
    first, second = world.release(), world.release(bias=1.0)
    world.order(first)
    port = free_port()
    answers: list[tuple[int, str]] = []
    enough = threading.Event()

    def load() -> None:
        while not enough.is_set():
            status, answer = ask(port, "/v2/models/loans/infer", jsonb(body()))
            answers.append((status, answer.get("model_version", "")))

    with running(world, port):
        callers = [threading.Thread(target=load) for _ in range(2)]
        for caller in callers:
            caller.start()
        for deployment in (second, first, second):
            world.order(deployment)
            until(partial(latest_is, answers, deployment.version))
        enough.set()
        for caller in callers:
            caller.join()
    assert {status for status, _ in answers} == {200}
    assert {version for _, version in answers} == {first.version, second.version}


def test_what_cannot_begin_says_why_before_anything_is_started(world: World) -> None:
    port = free_port()
    for changes, words in (
        ({"root": ""}, "no trust root was given"),
        ({"outbox": world.folder / "nowhere"}, "no folder"),
        ({"gateway_host": "0.0.0.0"}, "--expose"),  # noqa: S104 - refused
        ({"gateway_host": "0.0.0.0", "expose": True}, "there is no TLS"),  # noqa: S104 - refused
        ({"gateway_host": "no.such.host.invalid", "expose": True, "behind_proxy": ("192.0.2.1",)}, "no address"),
        ({"tls_certificate": world.folder}, "go together"),
    ):
        line = command(settings(world, port, **changes))
        ended = subprocess.run(line, capture_output=True, text=True, check=False)
        assert ended.returncode == 2
        assert words in ended.stderr
        assert "Traceback" not in ended.stderr
    assert not (world.folder / "log").exists()


def test_with_a_certificate_it_answers_by_tls_only(world: World) -> None:
    world.order(world.release())
    chain, key = certificate(world.folder / "tls")
    port, trusted = free_port(), ssl.create_default_context(cafile=str(chain))
    with running(world, port, tls_certificate=chain, tls_key=key):
        told = next(world.folder.glob("told-*")).read_text()
        assert f"listening on https://127.0.0.1:{port}/v2" in told
        handler = urllib.request.HTTPSHandler(context=trusted)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), handler)
        with opener.open(f"https://127.0.0.1:{port}/v2/health/live", timeout=10) as answer:
            assert answer.status == 200
        with pytest.raises((HTTPException, OSError)):
            ask(port, "/v2/health/live")


def test_explain_prints_the_chain_and_changes_nothing(world: World, capfd: pytest.CaptureFixture[str]) -> None:
    good, bad = world.release("good"), world.release("bad", bias=1.0, auc=0.5)
    world.order(good)
    assert explain(settings(world, 0)) == 0
    world.order(good, bad)
    assert explain(settings(world, 0)) == 1
    told = capfd.readouterr().err
    assert "good: admitted" in told
    assert "bad: REFUSED: the gate, asked again here, says refuse" in told
    assert not (world.folder / "state").exists()
    assert not (world.folder / "log").exists()
    assert explain(settings(world, 0, outbox=world.folder / "nowhere")) == 2


SCRIPT = """
import sys
import muster.gateway.__main__ as main
from pathlib import Path
sys.path.insert(0, {root!r})
loaded = [name for name in {fenced} if name in sys.modules]
from muster.settings import Settings
from muster.gateway.process import explain
from muster.wiring.gateway import bind
bound = bind(Settings(home=Path({home!r}), root={pinned!r}))
assert explain(Settings(home=Path({home!r}), root={pinned!r})) == 0
log = bound.open_log()
from muster.gateway.process import _admissions
from muster.gateway.admission.seen import SeenFile
from muster.gateway.http.limits import Limits
from muster.gateway.protocols.oip.outputs import write_answer
from muster.gateway.protocols.oip.tensors import read_request
settings = Settings(home=Path({home!r}), root={pinned!r})
table = _admissions(settings, bound, SeenFile(bound.state, "default"), log).refresh()
served = table.places["loans"].served
request = read_request({body!r}, Limits())
write_answer(served.decide(request.rows, request.id, bound.clock(), 0.0), request.outputs)
log.close()
loaded += [name for name in {fenced} if name in sys.modules]
loaded += [name for name in sys.modules if name.startswith("muster.adapters.sqlite") or name == "muster.wiring.control"]
print(loaded)
"""


def test_the_process_never_loads_what_has_no_business_in_it(world: World) -> None:
    world.order(world.release())
    script = SCRIPT.format(
        root=str(Path.cwd()), fenced=sorted(FENCED), home=str(world.folder), pinned=world.pinned, body=jsonb(body())
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.strip() == "[]"
    assert len(world.logged()) == 1
