"""Several workers at one port, as their operators meet them: kills, exchanges, drains, sockets that are handed over."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.client import HTTPException
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from tests.gateway.caller import jsonb
from tests.gateway.papers.written import body
from tests.gateway.world import World
from tests.stories.test_gateway import ask, free_port, settings, until, world

from muster.wiring.gateway import command

pytestmark = pytest.mark.enable_socket

__all__ = ["world"]

Figures = dict[tuple[str, tuple[tuple[str, str], ...]], float]


@contextmanager
def running(world: World, **changes: object) -> Iterator[tuple[subprocess.Popen[bytes], Path, int, int]]:
    """Run a gateway of two workers; give its process, what it tells, its port and the port of its figures."""
    port, metrics = free_port(), free_port()
    line = command(settings(world, port, **{"workers": 2, "metrics_port": metrics, **changes}))
    told = world.folder / f"told-{time.monotonic_ns()}"
    with told.open("wb") as file, subprocess.Popen(line, stderr=file) as process:
        try:
            until(lambda: "workers serve" in told.read_text() or process.poll() is not None, 30)
            assert process.poll() is None, told.read_text()
            yield process, told, port, metrics
        finally:
            process.kill()


def figures(port: int) -> Figures:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        text = answer.read().decode()
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def accepted_by_prometheus(port: int) -> None:
    """Have the live page judged by Prometheus's own tool, where it is."""
    if shutil.which("promtool") is None:
        return  # the page was read by the parser of prometheus_client before
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        judged = subprocess.run(["promtool", "check", "metrics"], input=answer.read(), capture_output=True, check=False)
    assert (judged.returncode, judged.stdout, judged.stderr) == (0, b"", b"")


def total(port: int, name: str) -> float:
    return sum(value for (found, _), value in figures(port).items() if found == name)


def children(process: subprocess.Popen[bytes]) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]


@contextmanager
def load(port: int) -> Iterator[list[int]]:
    """Ask from several threads, each request by a connection of its own; give the statuses."""
    statuses: list[int] = []
    enough = threading.Event()

    def work() -> None:
        while not enough.is_set():
            try:
                statuses.append(ask(port, "/v2/models/loans/infer", jsonb(body(2)))[0])
            except (OSError, HTTPException) as error:  # cut off before, or in the middle of, an answer
                statuses.append(getattr(error, "errno", None) or -1)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        yield statuses
    finally:
        enough.set()
        for thread in threads:
            thread.join()


def more(statuses: list[int], count: int) -> Callable[[], bool]:
    target = len(statuses) + count
    return lambda: len(statuses) >= target


def test_workers_share_a_port_are_exchanged_under_load_and_drain(world: World) -> None:
    world.order(world.release())
    with running(world) as (process, told, port, metrics):
        first = set(children(process))
        assert len(first) == 2
        with load(port) as statuses:
            until(more(statuses, 50))
            process.send_signal(signal.SIGHUP)
            until(lambda: "all workers are new" in told.read_text(), 60)
            until(more(statuses, 50))
        assert set(statuses) == {200}
        second = set(children(process))
        assert len(second) == 2
        assert not first & second
        until(lambda: total(metrics, "muster_rows_total") == 2 * len(statuses))
        assert total(metrics, "muster_request_seconds_count") == len(statuses)
        assert total(metrics, "muster_workers") == 2
        assert total(metrics, "muster_worker_restarts_total") == 0
        assert total(metrics, "muster_ready") == 1
        accepted_by_prometheus(metrics)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert len(world.logged()) == 2 * len(statuses)
    assert not list((world.folder / "log").rglob("*.open"))


def test_a_killed_worker_is_replaced_and_the_others_go_on(world: World) -> None:
    world.order(world.release())
    with running(world) as (process, told, port, metrics):
        victim, other = children(process)
        with load(port) as statuses:
            until(more(statuses, 20))
            os.kill(victim, signal.SIGKILL)
            until(lambda: total(metrics, "muster_worker_restarts_total") == 1)
            until(lambda: total(metrics, "muster_workers") == 2, 30)
            until(more(statuses, 20))
        assert other in children(process)
        assert victim not in children(process)
        assert f"ended (signal {signal.SIGKILL})" in told.read_text()
        # Only what the killed worker had in its hands may be lost: a request a thread.
        assert sum(status != 200 for status in statuses) <= 3
        assert statuses[-1] == 200


def test_a_gateway_that_is_killed_whole_under_load_loses_nothing_that_its_figures_call_logged(world: World) -> None:
    """Worker by worker and then all of it, by SIGKILL; figures are told each second, answers are not waited for."""
    world.order(world.release())
    with running(world) as (process, _, port, metrics):
        with load(port) as statuses:
            until(more(statuses, 60))
            os.kill(children(process)[0], signal.SIGKILL)
            until(lambda: total(metrics, "muster_workers") == 2 and total(metrics, "muster_worker_restarts_total") == 1)
            until(more(statuses, 60))
            until(lambda: total(metrics, "muster_log_rows_total") > 100)
            promised, workers = total(metrics, "muster_log_rows_total"), children(process)
            for pid in (process.pid, *workers):
                os.kill(pid, signal.SIGKILL)
            process.wait(10)
        until(lambda: not any(Path(f"/proc/{pid}/stat").exists() for pid in workers))
    rows = world.logged()
    answered = 2 * statuses.count(200)
    assert len({row["decision_id"] for row in rows}) == len(rows) >= promised > 100
    # Of what was answered, only what waited for the disk at the two kills is missing: 20 ms of a worker's rows each.
    assert answered - len(rows) <= 0.2 * answered
    with running(world) as (process, _, port, _):  # what is left open is gone on with, and stays readable
        assert ask(port, "/v2/models/loans/infer", jsonb(body(2)))[0] == 200
        process.terminate()
        assert process.wait(30) == 0
    assert len(world.logged()) == len(rows) + 2


def test_orders_that_one_worker_saw_are_never_gone_behind_by_another(world: World) -> None:
    deployment = world.release()
    old = world.order(deployment)
    with running(world) as (process, _, port, metrics):
        world.order()
        until(lambda: ask(port, "/readyz.json")[0] == 404 and total(metrics, "muster_orders_number") == 2)
        until(lambda: total(metrics, "muster_deployment_admitted") == 0)
        world.outbox.publish("orders/default.json", old.encode())
        os.kill(children(process)[0], signal.SIGKILL)
        until(lambda: total(metrics, "muster_worker_restarts_total") == 1)
        until(lambda: total(metrics, "muster_orders_refused_looks") > 0, 30)
        for _ in range(10):
            assert ask(port, "/v2/models/loans/infer", jsonb(body()))[0] in {404, 503}


def test_workers_that_cannot_begin_end_the_gateway(world: World) -> None:
    line = command(settings(world, free_port(), workers=2, client_keys=world.folder / "nowhere"))
    ended = subprocess.run(line, capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == 2
    assert "nowhere" in ended.stderr
    assert "Traceback" not in ended.stderr


ACTIVATE = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.set_inheritable(3, True)
os.environ |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"}
os.execv(sys.argv[2], sys.argv[2:])
"""


@pytest.mark.parametrize("workers", [0, 1])
def test_a_socket_that_is_handed_over_keeps_those_who_connect_waiting(world: World, workers: int) -> None:
    """A whole gateway ends and another begins, while somebody else holds the socket: nobody is refused."""
    world.order(world.release())
    with socket.socket() as listening, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        listening.bind(("127.0.0.1", 0))
        listening.listen(64)
        manager.bind(str(world.folder / "notify"))
        manager.settimeout(30)
        port = listening.getsockname()[1]
        line = command(settings(world, free_port(), workers=workers))
        start = [sys.executable, "-c", ACTIVATE, str(listening.fileno()), *line]
        told = {**os.environ, "NOTIFY_SOCKET": str(world.folder / "notify"), "WATCHDOG_USEC": "900000"}
        for _ in range(2):
            with subprocess.Popen(start, env=told, pass_fds=[listening.fileno()]) as process:
                with load(port) as statuses:
                    words = [manager.recv(4096).decode()]
                    while "READY=1" not in words[-1]:
                        words.append(manager.recv(4096).decode())
                    until(more(statuses, 10))
                    words.append(manager.recv(4096).decode())
                    assert words[-1] == "WATCHDOG=1"
                assert set(statuses) == {200}
                process.terminate()
                assert process.wait(30) == 0
                while manager.recv(4096).decode() != "STOPPING=1":
                    pass


def test_what_all_workers_notice_is_told_once_a_host_and_again_after_a_start(world: World) -> None:
    good, other = world.release(), world.release("other", bias=2.0)
    world.order(good, replace(other, environment="staging"), replace(good, name="third", environment="staging"))
    for life in (1, 2):
        with running(world) as (process, told, _, metrics):
            until(lambda port=metrics: total(port, "muster_deployment_admitted") == 1)  # type: ignore[misc]
            time.sleep(0.5)  # some looks of each worker
            process.terminate()
            assert process.wait(30) == 0
        lines = [line for line in told.read_text().splitlines() if "ALERT" in line]
        assert len(lines) == 2, lines
        kept = (world.folder / "gateway/alerts.ndjson").read_text().splitlines()
        about = [json.loads(line)["about"] for line in kept]
        assert sorted(about) == sorted(life * [f"gateway:default/gateway/{name}" for name in ("other", "third")])
