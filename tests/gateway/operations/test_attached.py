from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.gateway.caller import Caller
from tests.gateway.operations.test_traces import Noting
from tests.gateway.papers.written import body
from tests.gateway.world import World

from muster.adapters.arrowlog.writer import ArrowLog
from muster.adapters.telemetry.metrics import written
from muster.gateway.chat.keeping import Keeper
from muster.gateway.following import Life
from muster.gateway.operations.answers import Answers
from muster.gateway.operations.attached import Attached
from muster.gateway.operations.lines import Teller
from muster.gateway.operations.notify import Starter


def attached(world: World, log: ArrowLog, caller: Caller) -> Attached:
    life = Life(caller.gateway, world.admissions(log), log, 60.0, caller.told.append)
    answers = Answers(Keeper(log, lambda: world.now, caller.told.append))
    return Attached(life, caller.gateway, log, answers, caller.told.append)


def test_what_was_not_asked_for_is_not_there(world: World, log: ArrowLog, caller: Caller) -> None:
    one = attached(world, log, caller)
    one.watch(None, None)
    one.link(None)
    one.show(None, written)
    one.greet(Starter())
    assert caller.gateway.desk.watch is None
    assert one.life.beside == []
    assert one.life.answer is None


def test_what_was_asked_for_is(world: World, log: ArrowLog, caller: Caller, tmp_path: Path) -> None:
    one, out, tracer = attached(world, log, caller), io.StringIO(), Noting()
    closed: list[Any] = []
    tracer.close = lambda: closed.append(1)  # type: ignore[method-assign]
    one.watch(Teller("json", lambda: datetime(2026, 1, 1, tzinfo=UTC), out=out), tracer)
    one.greet(Starter(str(tmp_path / "notify")))
    assert len(one.life.beside) == 1
    Caller(one.life, caller.told).infer(body(), traceparent="p")
    assert json.loads(out.getvalue())["status"] == 200
    assert tracer.spans[0]["status"] == 200
    one.life.after[0]()
    assert closed
    assert {"rows", "log_rows", "ready"} <= {sample.family for sample in one.figures()}
