"""Versions that share a name, for tests of traffic."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.gateway.caller import Caller
from tests.gateway.papers.written import body
from tests.gateway.world import World

from muster.adapters.arrowlog.writer import ArrowLog
from muster.gateway.app import Gateway
from muster.records.release import Buckets, Deployment, Part
from muster.rules.traffic.sharing import bucket_of, salt_of, settled

TENTH, HALF, ALL = (Buckets(0, 1_000),), (Buckets(0, 5_000),), (Buckets(0, 10_000),)


def challenger(deployment: Deployment, people: tuple[Buckets, ...] = HALF) -> Deployment:
    return replace(deployment, part=Part.CHALLENGER, people=people)


def shadow(deployment: Deployment, people: tuple[Buckets, ...] = ALL) -> Deployment:
    return replace(deployment, part=Part.SHADOW, people=people)


def opened(world: World, log: ArrowLog, *deployments: Deployment, **changes: Any) -> Caller:
    world.order(*settled(deployments), **changes)
    told: list[str] = []
    return Caller(Gateway(world.admissions(log).refresh(), lambda: world.now, told.append), told)


def version(caller: Caller, who: str, **asked: Any) -> str:
    status, answer = caller.infer(asked.pop("content", body()), routing_key=who, **asked)
    assert status == 200, answer
    return str(answer["model_version"])


def person(lane: range) -> str:
    """Return somebody who falls into these buckets of ``loans``."""
    return next(str(who) for who in range(10**6) if bucket_of(salt_of("loans"), str(who).encode()) in lane)


LOW, HIGH = person(range(1_000)), person(range(9_000, 10_000))
