from __future__ import annotations

from typing import Any

from tests.gateway.caller import Caller, jsonb
from tests.gateway.papers.written import body
from tests.gateway.traffic.scene import HIGH, LOW, challenger, opened, shadow
from tests.gateway.world import World

from muster.adapters.arrowlog.writer import ArrowLog
from muster.gateway.operations.requests import Requests
from muster.gateway.operations.traces import Several, Traces


class Noting:
    """A tracer that notes what it is told, and samples whoever carries a parent."""

    def __init__(self) -> None:
        self.spans: list[dict[str, Any]] = []

    def begin(self, carried: Any, begun: int) -> Any:
        if "traceparent" not in carried:
            return None
        self.spans.append({"parent": carried["traceparent"], "begun": begun, "stages": []})
        return self.spans[-1]

    def stage(self, span: Any, name: str, begun: int, ended: int) -> None:
        assert span["begun"] <= begun <= ended
        span["stages"].append(name)

    def tell(self, span: Any, told: Any) -> None:
        span.update(told)

    def end(self, span: Any, status: int, ended: int) -> None:
        span.update(status=status, ended=ended)

    def close(self) -> None: ...


def test_sampled_requests_have_a_span_for_each_stage_and_answer_alike(caller: Caller, world: World) -> None:
    tracer = Noting()
    traces = Traces(caller.gateway, tracer)
    caller.gateway.desk.watch = traces
    traced = Caller(traces, caller.told)
    plain = traced.infer({**body(2), "id": "r"})[1]
    assert tracer.spans == []
    sampled = traced.infer({**body(2), "id": "r"}, traceparent="00-1-2-01")[1]
    scores = [answer["outputs"][0]["data"] for answer in (plain, sampled)]
    assert scores[0] == scores[1]
    (span,) = tracer.spans
    assert span["parent"] == "00-1-2-01"
    assert {"guard", "encode", "score", "log"} <= set(span["stages"])
    assert (span["muster.deployment"], span["muster.door"], span["muster.request_id"]) == ("loans", "oip", "r")
    assert span["status"] == 200
    assert world.number == 1


def test_what_fails_has_its_status(caller: Caller) -> None:
    tracer = Noting()
    traced = Caller(Traces(caller.gateway, tracer), caller.told)
    traced.exchange("GET", "/nowhere", traceparent="p")
    assert tracer.spans[0]["status"] == 404


def test_requests_that_are_worked_off_in_threads_are_told_as_well(caller: Caller) -> None:
    tracer = Noting()
    traces = Traces(caller.gateway, tracer)
    caller.gateway.desk.watch = traces
    Caller(traces, caller.told).exchange("POST", "/v2/models/loans/infer", jsonb(body(1_500)), traceparent="p")
    assert tracer.spans[0]["muster.deployment"] == "loans"
    assert tracer.spans[0]["status"] == 200


def test_several_may_watch(caller: Caller) -> None:
    tracer, told = Noting(), list[Any]()
    traces = Traces(caller.gateway, tracer)
    caller.gateway.desk.watch = Several([Requests(lambda *what, **more: told.append((what, more))), traces])
    Caller(traces, caller.told).infer(body(), traceparent="p")
    assert told[0][1]["status"] == 200
    assert tracer.spans[0]["muster.door"] == "oip"


def test_versions_that_share_traffic_and_shadows_are_traced_as_the_champion_is(world: World, log: ArrowLog) -> None:
    one, other, third = (world.release(bias=bias) for bias in (0.0, 1.0, 2.0))
    caller = opened(world, log, one, challenger(other), shadow(third))
    tracer = Noting()
    caller.gateway.desk.watch = traces = Traces(caller.gateway, tracer)
    traced = Caller(traces, caller.told)
    for who in (LOW, HIGH):
        assert traced.infer(body(), routing_key=who, traceparent="00-1-2-01")[0] == 200
    assert caller.gateway.desk.shadows.idle()
    assert [span["muster.version"] for span in tracer.spans] == [other.version, one.version]
    for span in tracer.spans:
        answered = [stage for stage in span["stages"] if not stage.startswith("shadow.")]
        assert sorted(set(answered)) == ["encode", "guard", "log", "score"]
        assert sorted({*span["stages"]} - {*answered}) == [f"shadow.{stage}" for stage in sorted(set(answered))]
        assert answered.count("score") == 1
    assert [seen.answered for seen in caller.gateway.desk.shadows.counts.values()] == [2]
