from __future__ import annotations

import asyncio
import json

from tests.gateway.world import World

from muster.adapters.arrowlog.writer import ArrowLog
from muster.gateway.admission.pushed import BURST, LARGEST, Pushed
from muster.gateway.app import Gateway
from muster.gateway.following import Life


def test_only_newer_orders_of_this_group_with_a_signature_are_a_reason_to_look(world: World, log: ArrowLog) -> None:
    first = world.order(world.release())
    admissions = world.admissions(log)
    pushed = Pushed(admissions.newer)
    assert not pushed.judge(first.encode())  # no trust root has been followed yet
    admissions.refresh()
    second = world.order()
    assert not pushed.judge(first.encode())
    for odd in (b"", b"{}", b"\xff", second[:-9].encode(), second.replace('"sig":"', '"sig":"A', 1).encode()):
        assert not pushed.judge(odd)
    assert pushed.judge(second.encode())
    assert not pushed.judge(second.encode())  # sent again it is nothing new
    assert not pushed.judge(world.order(group="canary").encode())


def test_a_flood_is_read_at_a_bounded_pace() -> None:
    now = 100.0
    pushed = Pushed(lambda _: True, lambda: now)
    assert [pushed.allows() for _ in range(int(BURST) + 2)] == [True] * int(BURST) + [False, False]
    now += 1.0
    assert [pushed.allows(), pushed.allows()] == [True, False]


def post(gateway: Gateway, body: bytes) -> tuple[int, object]:
    sent: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/v2/muster/orders", "headers": []}
    asyncio.run(gateway(scope, receive, send))  # type: ignore[arg-type]
    return int(str(sent[0]["status"])), json.loads(bytes(sent[1]["body"]))  # type: ignore[arg-type, call-overload]


def test_callers_learn_nothing_of_what_is_followed(world: World, log: ArrowLog) -> None:
    world.order(world.release())
    admissions = world.admissions(log)
    gateway = Gateway(admissions.refresh(), lambda: world.now, print)
    assert post(gateway, b"{}")[0] == 404  # nothing follows an outbox here
    Life(gateway, admissions, log, 10.0, print)
    answers = [post(gateway, body) for body in (b"nonsense", world.order().encode())]
    assert answers == [(202, {"received": True})] * 2
    assert post(gateway, b"x" * (LARGEST + 1))[0] == 413
    assert post(gateway, b"{}")[0] == 202
    assert post(gateway, b"{}")[0] == 202
    assert post(gateway, b"{}")[0] == 202
    assert post(gateway, b"{}")[0] == 429


def test_what_was_pushed_is_followed_long_before_the_next_poll(world: World, log: ArrowLog) -> None:
    world.order(world.release())
    admissions = world.admissions(log)
    gateway = Gateway(admissions.refresh(), lambda: world.now, print)
    life = Life(gateway, admissions, log, 3600.0, lambda _: None)

    async def live() -> None:
        following = asyncio.get_running_loop().create_task(life._follow())
        await asyncio.sleep(0)
        assert await life._take(world.order().encode())
        for _ in range(10_000):
            if not gateway.table.places:
                break
            await asyncio.sleep(0.001)
        assert not gateway.table.places
        following.cancel()

    asyncio.run(asyncio.wait_for(live(), 30))
