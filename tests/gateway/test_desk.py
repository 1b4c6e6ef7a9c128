from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from tests.gateway.caller import Caller, jsonb
from tests.gateway.papers.written import body
from tests.gateway.world import World

from muster.adapters.arrowlog.writer import ArrowLog
from muster.gateway import desk
from muster.gateway.decided import Refused
from muster.gateway.http.asgi import Failed
from muster.gateway.recording import Recorder
from muster.ports.log import Source, Stream
from muster.records.governance.serving import LogTerms, WhenFull
from muster.rules.language.clients import Client

ANN = Client("ann", "loans", b"")
EVE = Client("eve", "other", b"")


def failed(ask: Any) -> int:
    with pytest.raises(Failed) as raised:
        ask()
    return raised.value.status


def test_a_model_is_there_for_the_clients_of_its_use_case(world: World, caller: Caller) -> None:
    table = caller.gateway.desk
    served = table.standing("loans")
    assert table.standing("loans", served.version, ANN) is served
    assert list(table.all_standing(ANN)) == ["loans"]
    assert table.all_standing(EVE) == {}
    assert failed(lambda: table.standing("loans", "", EVE)) == failed(lambda: table.standing("other")) == 404
    assert failed(lambda: table.standing("loans", "1")) == 404
    world.later(hours=24)
    assert failed(lambda: table.standing("loans")) == 503
    assert table.all_standing() == {}


def test_counts_of_what_no_longer_serves_are_dropped(world: World, log: ArrowLog, caller: Caller) -> None:
    caller.infer(body())
    (before,) = caller.gateway.desk.counts
    world.order(world.release(bias=1.0))
    caller.gateway.table = world.admissions(log).refresh()
    caller.infer(body())
    assert len(caller.gateway.desk.counts) == 1
    assert before not in caller.gateway.desk.counts


def test_large_bodies_that_wait_are_bounded_in_bytes(caller: Caller) -> None:
    large = jsonb(body(desk.INLINE_ROWS)) + b" " * desk.INLINE_BYTES
    caller.gateway.desk._held = desk.LARGE_BYTES - len(large) + 1
    assert caller.infer(large)[0] == 503
    caller.gateway.desk._held -= 1
    assert caller.infer(large)[0] == 200
    assert caller.gateway.desk._held == desk.LARGE_BYTES - len(large)


def test_small_requests_are_answered_while_a_large_one_is_worked_off(caller: Caller) -> None:
    """The loop is free while a thread reads: were it not, the small ones would come last."""
    sent: list[int] = []

    async def ask(content: bytes, number: int) -> None:
        async def receive() -> Any:
            return {"type": "http.request", "body": content}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.body":
                sent.append(number)

        scope = {"type": "http", "method": "POST", "path": "/v2/models/loans/infer", "headers": []}
        await caller.gateway(scope, receive, send)

    async def both() -> None:
        large = jsonb(body(10_000)) + b" " * desk.INLINE_BYTES
        await asyncio.gather(ask(large, 1), *[ask(jsonb(body()), 2) for _ in range(3)])

    asyncio.run(both())
    assert sent == [2, 2, 2, 1]


def test_what_guards_refuse_has_the_status_that_clients_know_it_by(caller: Caller) -> None:
    served = caller.gateway.desk.standing("loans")
    for guard, status, headers in (
        ("schema", 422, []),
        ("size", 413, []),
        ("rate", 429, [(b"retry-after", b"1")]),
    ):
        error = caller.gateway.desk._failed(served, Refused("no", guard))
        assert isinstance(error, Failed)
        assert (error.status, list(error.headers)) == (status, headers)


def test_a_full_log_is_the_operators_business(world: World, tmp_path: Path) -> None:
    from muster.adapters.arrowlog.writer import Rolling
    from muster.gateway.app import Gateway

    world.order(world.release())
    told: list[str] = []
    log = ArrowLog(tmp_path / "full", Rolling(queue_rows=1))
    caller = Caller(Gateway(world.admissions(log).refresh(), lambda: world.now, told.append), told)
    assert caller.infer(body(2)) == (503, {"error": "not available"})
    assert told
    assert [counts.failed for counts in caller.gateway.desk.counts.values()] == [1]
    log.close()


def health(caller: Caller) -> dict[str, int]:
    paths = ("/healthz", "/readyz", "/v2/health/live", "/v2/health/ready", "/ping", "/loans/ping")
    return {path: caller.exchange("GET", path)[0] for path in paths}


def test_it_is_ready_while_something_serves_and_the_log_takes_rows(caller: Caller, world: World, log: ArrowLog) -> None:
    desk = caller.gateway.desk
    desk.log_takes = lambda: not log.figures().failing
    assert set(health(caller).values()) == {200}
    log.close()
    found = health(caller)
    assert found.pop("/healthz") == found.pop("/v2/health/live") == 200
    assert set(found.values()) == {503}
    world.order()
    caller.gateway.table = world.admissions(log).refresh()
    assert health(caller)["/readyz"] == 503
    assert health(caller)["/healthz"] == 200


def test_a_policy_that_may_lose_rows_is_ready_without_the_log(log: ArrowLog) -> None:
    source = Source(Stream.DECISIONS, "loans", "v", "s")
    assert Recorder(log, source, LogTerms(WhenFull.SAMPLE)).may_lose
    assert not Recorder(log, source).may_lose


def test_health_takes_get_and_says_nothing_more(caller: Caller) -> None:
    status, heads, content = caller.exchange("GET", "/readyz")
    assert (status, heads[b"content-type"], content) == (200, b"text/plain", b"ok\n")
    assert caller.exchange("POST", "/healthz", body())[0] == 405
    caller.gateway.table = type(caller.gateway.table)()
    assert caller.exchange("GET", "/readyz")[2] == b"not ready\n"


@pytest.mark.parametrize("path", ["/healthz/x", "/health/x"])
def test_other_paths_are_no_health(caller: Caller, path: str) -> None:
    status, answer = caller("GET", path)
    assert status == 404
    told: Any = answer["error"]
    assert "nothing is here" in told
