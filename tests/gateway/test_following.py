from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from tests.gateway.caller import Caller
from tests.gateway.world import World

from muster.adapters.arrowlog.writer import ArrowLog
from muster.gateway.app import Gateway
from muster.gateway.following import Life


def test_a_life_follows_the_orders_and_closes_the_log(world: World, log: ArrowLog) -> None:
    deployment = world.release()
    world.order(deployment)
    told: list[str] = []
    admissions = world.admissions(log)
    gateway = Gateway(admissions.refresh(), lambda: world.now, told.append)
    life = Life(gateway, admissions, log, 0.001, told.append)
    sent: list[str] = []

    async def live() -> None:
        inbox: asyncio.Queue[Any] = asyncio.Queue()

        async def send(message: Any) -> None:
            sent.append(message["type"])

        async def until(condition: Callable[[], bool]) -> None:
            for _ in range(10_000):
                if condition():
                    return
                await asyncio.sleep(0.001)
            pytest.fail("it did not come about")

        async with asyncio.TaskGroup() as group:
            group.create_task(life({"type": "lifespan"}, inbox.get, send))
            await inbox.put({"type": "lifespan.startup"})
            before = gateway.table
            await until(lambda: gateway.table is not before)
            assert told == []  # nothing has changed, so nothing is told
            world.order()
            await until(lambda: not gateway.table.places and bool(told))
            await inbox.put({"type": "lifespan.shutdown"})

    asyncio.run(live())
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert any("orders 2" in line for line in told)
    assert log._closed


def test_a_caller_may_have_it_look_now_but_not_as_often_as_it_likes(world: World, log: ArrowLog) -> None:
    told: list[str] = []
    admissions = world.admissions(log)
    gateway = Gateway(admissions.refresh(), lambda: world.now, told.append)
    Life(gateway, admissions, log, 60.0, told.append)
    world.order(world.release())
    caller = Caller(gateway, told)
    assert caller("POST", "/v2/repository/models/loans/load") == (200, {})
    assert any("loans: admitted" in line for line in told)
    answered = [caller("POST", "/v2/repository/models/loans/load")[0] for _ in range(9)]
    assert answered.count(429) >= 4
    assert set(answered) == {200, 429}


def test_a_log_that_cannot_be_kept_is_told(world: World) -> None:
    class Failing:
        def close(self) -> None:
            msg = "3 rows were not kept"
            raise OSError(msg)

    told: list[str] = []
    gateway = Gateway(world.admissions(Failing()).refresh(), lambda: world.now, told.append)  # type: ignore[arg-type]
    life = Life(gateway, world.admissions(Failing()), Failing(), 10.0, told.append)  # type: ignore[arg-type]
    inbox = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]

    async def receive() -> Any:
        return inbox.pop(0)

    async def send(message: Any) -> None:
        del message

    asyncio.run(life({"type": "lifespan"}, receive, send))
    assert told == ["3 rows were not kept"]
