from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.gateway.papers import body
from tests.gateway.traffic.scene import HIGH, LOW, TENTH, challenger, opened, shadow, version
from tests.gateway.world import World

from muster.adapters.arrowlog.writer import ArrowLog
from muster.ports.log import Stream


def test_a_person_meets_the_same_version_whichever_way_they_are_asked_about(world: World, log: ArrowLog) -> None:
    one, other = world.release(), world.release(bias=1.0)
    caller = opened(world, log, replace(one, routing="job"), challenger(other))
    assert [version(caller, LOW) for _ in range(3)] == [other.version] * 3
    assert version(caller, HIGH) == one.version
    records = {"income": 30_000.0, "months": 12, "job": "clerk"}
    _, predicted = caller("POST", "/predict/loans", records, routing_key=LOW)
    assert predicted["model_version"] == other.version
    _, invoked = caller(
        "POST", "/loans/invocations", {"inputs": records}, routing_key=LOW, content_type="application/json"
    )
    assert invoked["predictions"][0]["model_version"] == other.version
    _, named = caller.infer({**body(), "parameters": {"routing_key": LOW}})
    assert named["model_version"] == other.version
    by_job = {caller.infer(body())[1]["model_version"] for _ in range(8)}
    assert len(by_job) == 1, "who is asked about is the input that the orders name"


def test_without_a_key_the_request_is_who_is_asked_about(world: World, log: ArrowLog) -> None:
    one, other = world.release(), world.release(bias=1.0)
    caller = opened(world, log, one, challenger(other))
    assert caller.infer({**body(), "id": LOW})[1]["model_version"] == other.version
    assert caller.infer({**body(), "id": HIGH})[1]["model_version"] == one.version
    met = {caller.infer(body())[1]["model_version"] for _ in range(40)}
    assert met == {one.version, other.version}


def test_shares_that_grow_move_people_only_into_what_grew(world: World, log: ArrowLog) -> None:
    one, other = world.release(), world.release(bias=1.0)
    people = [str(who) for who in range(60)]
    small = opened(world, log, one, challenger(other, TENTH))
    before = {who for who in people if version(small, who) == other.version}
    large = opened(world, log, one, challenger(other))
    after = {who for who in people if version(large, who) == other.version}
    assert before < after


def test_a_challenger_that_lapsed_gives_its_people_back(world: World, log: ArrowLog) -> None:
    one, other = world.release(life=timedelta(hours=9)), world.release(bias=1.0, life=timedelta(hours=2))
    caller = opened(world, log, one, challenger(other))
    assert version(caller, LOW) == other.version
    world.later(hours=3)
    assert version(caller, LOW) == one.version
    world.later(hours=7)
    assert caller.infer(body(), routing_key=LOW)[0] == 503


def test_a_lapsed_champion_stops_the_deployment_for_challengers_answer_on_trial_only(
    world: World, log: ArrowLog
) -> None:
    one, other = world.release(life=timedelta(hours=2)), world.release(bias=1.0, life=timedelta(hours=9))
    caller = opened(world, log, one, challenger(other))
    world.later(hours=3)
    assert caller.infer(body(), routing_key=LOW)[0] == 503


def test_no_caller_chooses_a_version_while_they_share_the_traffic(world: World, log: ArrowLog) -> None:
    one, other = world.release(), world.release(bias=1.0)
    caller = opened(world, log, one, challenger(other))
    for each in (one.version, other.version):
        status, said = caller.infer(body(), f"/v2/models/loans/versions/{each}/infer", routing_key=LOW)
        assert status == 404, said


def test_a_shadow_sees_what_others_answer_and_is_no_decision_on_anybody(world: World, log: ArrowLog) -> None:
    one, other = world.release(), world.release("loans", bias=1.0, scope="shadow")
    caller = opened(world, log, one, shadow(other))
    for _ in range(5):
        assert version(caller, LOW) == one.version
    assert caller.gateway.desk.shadows.idle()
    log.flush()
    decided, beside = world.logged(), world.logged(stream=Stream.SHADOWS)
    assert [row["version"] for row in decided] == [one.version] * 5
    assert [row["version"] for row in beside] == [other.version] * 5
    assert [row["request_id"] for row in beside] == [row["request_id"] for row in decided]
    assert {row["score"] for row in beside} != {row["score"] for row in decided}


def test_a_shadow_sees_its_share(world: World, log: ArrowLog) -> None:
    one, other = world.release(), world.release(bias=1.0)
    caller = opened(world, log, one, shadow(other, TENTH))
    version(caller, LOW)
    version(caller, HIGH)
    assert caller.gateway.desk.shadows.idle()
    assert [seen.answered for seen in caller.gateway.desk.shadows.counts.values()] == [1]
