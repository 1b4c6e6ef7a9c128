"""Fixtures of the gateway's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.gateway.caller import Caller
from tests.gateway.world import World

from muster.adapters.arrowlog.writer import ArrowLog, Rolling
from muster.gateway.app import Gateway


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[ArrowLog]:
    log = ArrowLog(tmp_path / "log", Rolling(linger_s=0.0))
    yield log
    log.close()


@pytest.fixture
def caller(world: World, log: ArrowLog) -> Caller:
    """A caller of a gateway that serves the deployment ``loans``."""
    world.order(world.release())
    told: list[str] = []
    gateway = Gateway(world.admissions(log).refresh(), lambda: world.now, told.append)
    return Caller(gateway, told)
