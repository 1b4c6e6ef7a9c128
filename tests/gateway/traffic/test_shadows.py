from __future__ import annotations

import gc
import threading
import weakref
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest
from tests.gateway.caller import Caller
from tests.gateway.papers.written import body
from tests.gateway.world import World

from muster.adapters.arrowlog.writer import ArrowLog
from muster.gateway.app import Gateway
from muster.gateway.decided import Refused
from muster.gateway.served import Served
from muster.gateway.traffic import shadows
from muster.gateway.traffic.shadows import Shadows
from muster.guards.guard import Rows

NOW = datetime(2026, 11, 23, tzinfo=UTC)
ROWS = Rows(1, {}, {})


def asked(what: Any, *, strained: bool = False) -> Served:
    named = SimpleNamespace(deployment="loans")
    recorder = SimpleNamespace(strained=lambda _: strained)
    return cast("Served", SimpleNamespace(decide=what, decisions=named, version="v", recorder=recorder))


def test_what_does_not_fit_is_dropped_and_counted_and_the_operator_is_told_once() -> None:
    told: list[str] = []
    busy, free = threading.Event(), threading.Event()

    def slow(*_: Any) -> None:
        busy.set()
        free.wait(10)

    kept = Shadows(told.append)
    shadow = asked(slow)
    assert kept.offer(shadow, ROWS, "r", NOW)
    assert busy.wait(10)
    offered = [kept.offer(shadow, ROWS, "r", NOW) for _ in range(shadows.WAITING + 5)]
    assert offered.count(False) == 5
    (seen,) = kept.counts.values()
    assert seen.dropped == 5
    assert len(told) == 1
    assert "too slow" in told[0]
    free.set()
    assert kept.idle()
    assert (seen.answered, seen.dropped) == (shadows.WAITING + 1, 5)


def test_rows_are_bounded_too() -> None:
    kept = Shadows([].append)
    assert not kept.offer(asked(lambda *_: None), replace(ROWS, size=shadows.WAITING_ROWS + 1), "r", NOW)


def test_a_log_that_is_half_full_is_left_to_those_who_are_answered() -> None:
    kept = Shadows([].append)
    assert not kept.offer(asked(lambda *_: None, strained=True), ROWS, "r", NOW)
    (seen,) = kept.counts.values()
    assert seen.dropped == 1


@pytest.mark.parametrize(
    ("error", "counted"), [(Refused("no", "schema"), "refused"), (OSError("full"), "failed"), (KeyError(1), "failed")]
)
def test_whatever_becomes_of_a_shadow_is_counted_and_the_next_request_comes(error: Exception, counted: str) -> None:
    def failing(*_: Any) -> None:
        raise error

    kept = Shadows([].append)
    for _ in range(2):
        assert kept.offer(asked(failing), ROWS, "r", NOW)
    assert kept.idle()
    (seen,) = kept.counts.values()
    assert getattr(seen, counted) == 2


def test_what_no_longer_serves_is_released_from_memory(world: World, log: ArrowLog) -> None:
    world.order(world.release())
    admissions = world.admissions(log)
    caller = Caller(Gateway(admissions.refresh(), lambda: world.now, [].append), [])
    assert caller.infer(body())[0] == 200
    served = caller.gateway.table.places["loans"].served
    model = weakref.ref(served.model)
    del served
    world.order(world.release(bias=1.0))
    caller.gateway.table = admissions.refresh()
    assert caller.infer(body())[0] == 200
    gc.collect()
    assert model() is None
