from __future__ import annotations

import json
from typing import Any

import pytest
from tests.gateway.caller import jsonb
from tests.gateway.papers.written import body
from tests.gateway.world import World

from muster.adapters.arrowlog.writer import ArrowLog
from muster.gateway.decided import Refused
from muster.gateway.http.limits import Limits
from muster.gateway.protocols.oip.outputs import write_answer
from muster.gateway.protocols.oip.tensors import read_request
from muster.gateway.recording import joined
from muster.gateway.served import Served
from muster.guards.guard import Outcome, Ruling


@pytest.fixture
def served(world: World, log: ArrowLog) -> Served:
    world.order(world.release())
    found = world.admissions(log).refresh().places["loans"].served
    assert found
    return found


def answer(served: Served, world: World, **changes: Any) -> dict[str, Any]:
    request = read_request(jsonb(body(**changes)), Limits())
    decided = served.decide(request.rows, request.id, world.now, 0.0)
    return dict(json.loads(write_answer(decided, request.outputs).content))


def test_the_decision_follows_the_rule_of_the_version(served: Served, world: World) -> None:
    for income in (0.0, 1e4, 5e4, 1e5):
        score, decision, *_ = (output["data"][0] for output in answer(served, world, income=[income])["outputs"])
        assert decision == ("approve" if score < 0.5 else "refuse")


def test_what_only_the_encoder_notices_is_refused_as_well(served: Served, world: World) -> None:
    object.__setattr__(served.guards, "_guards", tuple(g for g in served.guards._guards if g.name != "schema"))
    with pytest.raises(Refused, match="row 0"):
        answer(served, world, months=[2**53])


def test_marks_of_several_guards_are_joined() -> None:
    first = Ruling("a", Outcome.FLAG, flags={0: ["a:x"], 2: ["a:y"]})
    second = Ruling("b", Outcome.FLAG, flags={2: ["b:x"]})
    assert joined((first, second), 3) == [("a:x",), (), ("a:y", "b:x")]
