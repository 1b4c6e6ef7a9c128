from __future__ import annotations

import asyncio
import socket
import threading
import urllib.request
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from tests.gateway.caller import Caller

from muster.adapters.telemetry.metrics import written
from muster.gateway.operations.board import Board, Boarding
from muster.gateway.operations.families import Sample


def board(*samples: Sample) -> Board:
    async def figures() -> tuple[Sample, ...]:
        return samples

    return Board(figures, written)


def test_figures_are_written_for_prometheus() -> None:
    caller = Caller(board(Sample("rows", ("loans", "v"), 3.0)), [])
    status, heads, content = caller.exchange("GET", "/metrics")
    assert status == 200
    assert heads[b"content-type"].startswith(b"text/plain; version=")
    (family,) = text_string_to_metric_families(content.decode())
    assert (family.name, family.type, family.samples[0].value) == ("muster_rows", "counter", 3.0)
    _, heads, content = caller.exchange("GET", "/metrics", accept="application/openmetrics-text; version=1.0.0")
    assert heads[b"content-type"].startswith(b"application/openmetrics-text")
    assert content.endswith(b"# EOF\n")


def test_health_is_there_too() -> None:
    assert Caller(board(), []).exchange("GET", "/healthz")[0] == 200
    assert Caller(board(), []).exchange("GET", "/readyz")[0] == 503
    assert Caller(board(Sample("ready", (), 0.0)), []).exchange("GET", "/readyz")[0] == 503
    assert Caller(board(Sample("ready", (), 1.0)), []).exchange("GET", "/readyz")[0] == 200


def test_nothing_else_is() -> None:
    caller = Caller(board(), [])
    assert caller.exchange("GET", "/v2")[0] == 404
    assert caller.exchange("POST", "/metrics")[0] == 405


@pytest.mark.enable_socket
def test_it_answers_beside_another_server_until_it_is_ended() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        boarding = Boarding(board(Sample("ready", (), 1.0)), listening)
        address = listening.getsockname()
        thread = threading.Thread(target=lambda: asyncio.run(boarding.run()))
        thread.start()
        opener: Any = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://127.0.0.1:{address[1]}/metrics", timeout=10) as answer:
            assert b"muster_ready 1.0" in answer.read()
        boarding.end()
        thread.join()
