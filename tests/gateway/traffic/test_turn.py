"""Requests of one turn are decided as each of them would be alone, and none of them meets what another brought."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from tests.gateway.caller import Caller, jsonb
from tests.gateway.world import World

from muster.adapters.arrowlog.writer import ArrowLog
from muster.gateway.app import Gateway
from muster.gateway.served import Served
from muster.gateway.traffic import turn
from muster.ports.log import Stream

ROW = {"income": 30_000.0, "months": 12, "job": "clerk"}
ROWS = [{**ROW, "income": 20_000.0 + 1_000 * place, "months": place or None} for place in range(12)]


def at_once(caller: Caller, rows: list[Any]) -> list[tuple[int, Any]]:
    """Send rows in requests of their own, all in one turn of the loop."""

    async def ask(place: int) -> tuple[int, Any]:
        sent: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": jsonb(rows[place]), "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        named = [(b"x-request-id", f"call-{place}".encode())]
        scope = {"type": "http", "method": "POST", "path": "/predict/loans", "query_string": b"", "headers": named}
        await caller.gateway(scope, receive, send)
        return sent[0]["status"], json.loads(sent[1]["body"])

    async def ask_all() -> list[tuple[int, Any]]:
        return list(await asyncio.gather(*map(ask, range(len(rows)))))

    return asyncio.run(ask_all())


@pytest.fixture
def joined(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many requests were decided at once, each time that some were."""
    sizes: list[int] = []
    real = turn.together

    def watched(served: Served, asked: Any, micros: int) -> Any:
        found = real(served, asked, micros)
        sizes.append(len(found))
        return found

    monkeypatch.setattr(turn, "together", watched)
    return sizes


def test_requests_of_one_turn_are_answered_and_logged_as_alone(
    world: World, log: ArrowLog, caller: Caller, joined: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = [caller("POST", "/predict/loans", row)[1] for row in ROWS]
    log.flush()
    before = len(world.logged())
    monkeypatch.setattr(turn, "MOST", 8)
    answers = at_once(caller, ROWS)
    assert joined == [8, 4]
    for (status, answer), once in zip(answers, alone, strict=True):
        assert status == 200
        apart = {"decision_id", "request_id"}
        assert {name: answer[name] for name in answer.keys() - apart} == {n: once[n] for n in once.keys() - apart}
    assert [answer["request_id"] for _, answer in answers] == [f"call-{place}" for place in range(12)]
    log.flush()
    logged = world.logged()[before:]
    of = {row["decision_id"]: row for row in logged}
    assert len(of) == 12
    for row, (_, answer) in zip(ROWS, answers, strict=True):
        kept = of[answer["decision_id"]]
        assert {name: kept[f"input.{name}"] for name in row} == row
        for name in ("request_id", "score", "favourable", "decision", "guards"):
            assert kept[name] == answer[name]
        assert kept["latency_us"] >= kept["scored_us"] >= 0


def test_what_one_request_brings_concerns_no_other(
    world: World, log: ArrowLog, caller: Caller, joined: list[int]
) -> None:
    odd = [{**ROW, "job": "pirate"}, {**ROW, "income": 1e9}, {**ROW, "age": 7}, ROW]
    answers = at_once(caller, odd)
    assert joined == [0]
    assert [status for status, _ in answers] == [422, 200, 422, 200]
    assert answers[1][1]["flags"] == ["outside-range:income"]
    assert "unknown category" in answers[0][1]["error"]
    assert answers[3][1]["flags"] == []
    log.flush()
    assert len(world.logged()) == 2
    assert len(world.logged(stream=Stream.REFUSALS)) == 2


def test_a_model_that_fails_on_several_is_asked_one_by_one(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(served: Served, asked: Any, micros: int) -> Any:
        msg = f"{served.version} {len(asked)} {micros}"
        raise ZeroDivisionError(msg)

    monkeypatch.setattr(turn, "together", fails)
    assert [status for status, _ in at_once(caller, ROWS[:3])] == [200] * 3


def test_who_counts_what_is_asked_sees_each_request_once(world: World, log: ArrowLog) -> None:
    world.order(world.release())
    gateway = Gateway(world.admissions(log).refresh(), lambda: world.now, print)
    served = gateway.desk.standing("loans")
    assert served.joins
    served.guards.forgetful = False
    assert not served.joins
