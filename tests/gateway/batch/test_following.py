from __future__ import annotations

import pytest
from tests.gateway.world import World

from muster.adapters.arrowlog.writer import ArrowLog
from muster.gateway.batch.following import Following
from muster.gateway.batch.run import Stopped


def following(world: World, log: ArrowLog, told: list[str]) -> Following:
    return Following(world.admissions(log), "loans", lambda: world.now, 0.0, told.append)


def test_what_stands_is_given_until_it_does_not(world: World, log: ArrowLog) -> None:
    told: list[str] = []
    world.order(world.release())
    follows = following(world, log, told)
    assert follows.current() is follows.current()
    assert told == []
    world.later(hours=25)
    with pytest.raises(Stopped, match="expired"):
        follows.current()


def test_another_version_ends_a_file(world: World, log: ArrowLog) -> None:
    told: list[str] = []
    world.order(world.release())
    follows = following(world, log, told)
    follows.current()
    world.order(world.release(bias=0.5))
    with pytest.raises(Stopped, match="the orders now name version"):
        follows.current()
    assert any("admitted" in line for line in told)


def test_orders_that_drop_the_deployment_end_the_run(world: World, log: ArrowLog) -> None:
    world.order(world.release())
    follows = following(world, log, [])
    follows.current()
    world.order()
    with pytest.raises(Stopped):
        follows.current()


def test_somebody_may_end_it(world: World, log: ArrowLog) -> None:
    world.order(world.release())
    follows = following(world, log, [])
    follows.ended = "SIGINT"
    with pytest.raises(Stopped, match="SIGINT") as stopped:
        follows.current()
    assert stopped.value.interrupted
