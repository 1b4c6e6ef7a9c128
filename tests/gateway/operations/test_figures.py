from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

from tests.gateway.caller import Caller
from tests.gateway.papers.written import body
from tests.gateway.traffic.scene import LOW, TENTH, challenger, opened, shadow
from tests.gateway.world import World

from muster.adapters.arrowlog.writer import ArrowLog
from muster.gateway.operations.families import FAMILIES, Sample
from muster.gateway.operations.figures import figures_of
from muster.gateway.served import Served
from muster.gateway.traffic.shadows import Seen
from muster.records.canonical import digest


def told(caller: Caller, log: ArrowLog) -> dict[tuple[str, ...], Sample]:
    return {(sample.family, *sample.labels): sample for sample in figures_of(caller.gateway, log)}


def test_a_gateway_tells_what_it_did_and_how_it_stands(world: World, caller: Caller, log: ArrowLog) -> None:
    version = caller.gateway.table.places["loans"].served.version
    for _ in range(2):
        assert caller.infer(body(3))[0] == 200
    refused = caller("POST", "/predict/loans", {"income": -1e12, "months": "x", "job": "clerk"})
    caller("GET", "/v2/models/nobody")
    log.flush()
    found = told(caller, log)
    assert found["requests", "loans", version, "oip", "answered"].value == 2
    assert found["rows", "loans", version].value == 6
    assert found["request_seconds", "loans", version].value > 0
    assert sum(found["request_seconds", "loans", version].buckets) == 2
    assert found["turned_away", "404"].value == 1
    assert found["turned_away", str(refused[0])].value >= 1
    assert found["log_rows",].value >= 6
    assert found["orders_number",].value == 1
    assert found["orders_expire_timestamp_seconds",].value > world.now.timestamp()
    assert found["deployment_admitted", "loans"].value == found["ready",].value == 1
    assert found["deployment_ends_timestamp_seconds", "loans"].value > world.now.timestamp()
    assert found["deployment_in_grace", "loans"].value == 0
    assert all(len(sample.labels) == len(FAMILIES[sample.family].labels) for sample in found.values())


def test_what_stands_no_more_is_told(world: World, caller: Caller, log: ArrowLog) -> None:
    world.later(hours=48)
    found = told(caller, log)
    assert found["deployment_admitted", "loans"].value == found["ready",].value == 0


def test_orders_that_cannot_be_followed_are_counted_until_they_can(world: World, log: ArrowLog, caller: Caller) -> None:
    admissions = world.admissions(log)
    admissions.refresh()
    good = world.outbox.published("orders/default.json")
    world.outbox.publish("orders/default.json", b"{}")
    for looks in (1, 2):
        caller.gateway.table = admissions.refresh()
        found = told(caller, log)
        assert found["orders_refused_looks",].value == looks
        assert found["orders_number",].value == 1
    world.outbox.publish("orders/default.json", good)
    caller.gateway.table = admissions.refresh()
    assert told(caller, log)["orders_refused_looks",].value == 0


def test_what_shadows_saw_is_told(caller: Caller, log: ArrowLog) -> None:
    caller.gateway.desk.shadows.counts["loans", "v2"] = Seen(answered=5, dropped=2)
    found = told(caller, log)
    assert found["shadow_requests", "loans", "v2", "answered"].value == 5
    assert found["shadow_requests", "loans", "v2", "dropped"].value == 2


def test_workers_of_models_that_end_are_told_and_what_is_compiled_has_none(caller: Caller, log: ArrowLog) -> None:
    assert not any(name.startswith("model_worker") for name, *_ in told(caller, log))
    place = caller.gateway.table.places["loans"]
    assert isinstance(place.served, Served)
    served = replace(place.served, model=cast("Any", SimpleNamespace(worker=SimpleNamespace(restarts=3, up=False))))
    caller.gateway.table = replace(
        caller.gateway.table, places={"loans": replace(place, served=served, lapsed="auc: too old")}
    )
    found = told(caller, log)
    assert found["model_worker_restarts", "loans", served.version].value == 3
    assert found["model_worker_up", "loans", served.version].value == 0
    assert found["deployment_in_grace", "loans"].value == 1


def test_challengers_and_shadows_are_told_with_their_standing_and_what_they_have(world: World, log: ArrowLog) -> None:
    one, other, third = (world.release(bias=bias) for bias in (0.0, 1.0, 2.0))
    caller = opened(world, log, one, challenger(other, TENTH), shadow(replace(third, package=digest(b"none"))))
    found = told(caller, log)
    mine, theirs = ("loans", other.version, "challenger"), ("loans", third.version, "shadow")
    assert [found["arm_admitted", *each].value for each in (mine, theirs)] == [1, 0]
    assert [found["arm_share", *each].value for each in (mine, theirs)] == [0.1, 1.0]
    assert found["arm_ends_timestamp_seconds", *mine].value > world.now.timestamp()
    assert ("arm_ends_timestamp_seconds", *theirs) not in found
    caller.infer(body(), routing_key=LOW)
    assert told(caller, log)["requests", "loans", other.version, "oip", "answered"].value == 1
    world.later(hours=30)
    assert told(caller, log)["arm_admitted", *mine].value == 0
    assert all(len(sample.labels) == len(FAMILIES[sample.family].labels) for sample in found.values())
