from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.gateway.caller import Caller
from tests.gateway.papers import COLUMNS, body
from tests.gateway.world import World

from muster.adapters.arrowlog.writer import ArrowLog
from muster.gateway.app import Gateway
from muster.ports.log import Stream
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


def test_rows_of_several_people_meet_each_their_own_version(world: World, log: ArrowLog) -> None:
    one, other = world.release(), world.release(bias=1.0)
    jobs = ["clerk", "smith", "weaver"]
    lanes = {job: bucket_of(salt_of("loans"), job.encode()) for job in jobs}
    chosen = min(lanes, key=lambda job: lanes[job])
    people = (Buckets(lanes[chosen], lanes[chosen] + 1),)
    caller = opened(world, log, replace(one, routing="job"), challenger(other, people))
    alone = {job: caller.infer(body(job=[job]))[1] for job in jobs}
    scores = {job: answer["outputs"][0]["data"][0] for job, answer in alone.items()}
    assert {job for job in jobs if alone[job]["model_version"] == other.version} == {chosen}
    status, answer = caller.infer(body(4, job=[*jobs, chosen]))
    assert status == 200
    assert answer["outputs"][0]["data"] == [scores[job] for job in (*jobs, chosen)]
    assert set(answer["model_version"].split(",")) == {one.version, other.version}
    rows = [{"income": 30_000.0, "months": 12, "job": job} for job in jobs]
    _, predicted = caller("POST", "/predict/loans", {"rows": rows})
    told = {row["decision_id"]: row["model_version"] for row in predicted["rows"]}
    assert [v == other.version for v in told.values()] == [job == chosen for job in jobs]
    log.flush()
    logged = {row["decision_id"]: row["version"] for row in world.logged()}
    assert {each: logged[each] for each in told} == told


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


def test_each_version_is_admitted_on_its_own_proof(world: World, log: ArrowLog) -> None:
    one, other = world.release(), world.release(bias=1.0, auc=0.5)
    caller = opened(world, log, one, challenger(other))
    assert version(caller, LOW) == one.version
    table = caller.gateway.table
    (arm,) = table.arms
    assert arm.name == f"loans@{other.version}"
    assert "the gate, asked again here" in arm.refusal
    assert table.places["loans"].refusal == ""
    caller = opened(world, log, challenger(other), one, revoked=(one.package,))
    assert caller.infer(body(), routing_key=LOW)[0] == 503


@pytest.mark.parametrize("part", [Part.CHAMPION, Part.CHALLENGER])
def test_a_release_for_the_shadow_never_answers(world: World, log: ArrowLog, part: Part) -> None:
    one, other = world.release(), world.release("loans", bias=1.0, scope="shadow")
    assert other.scope == "shadow"
    people = HALF if part is Part.CHALLENGER else ()
    arms = [replace(other, part=part, people=people)] + ([one] if part is Part.CHALLENGER else [])
    caller = opened(world, log, *arms)
    table = caller.gateway.table
    refused = [place.refusal for place in (*table.places.values(), *table.arms) if place.refusal]
    assert refused == ["scope 'shadow': a release for that never answers callers"]
    assert caller.infer(body(), routing_key=LOW)[0] == (503 if part is Part.CHAMPION else 200)


def test_a_version_with_other_inputs_is_no_challenger(world: World, log: ArrowLog) -> None:
    one, other = world.release(), world.release(bias=1.0, columns=COLUMNS[:2])
    caller = opened(world, log, one, challenger(other))
    assert "reads other inputs" in caller.gateway.table.arms[0].refusal
    assert version(caller, LOW) == one.version


def test_buckets_given_twice_go_to_the_champion(world: World, log: ArrowLog) -> None:
    one, other, third = (world.release(bias=bias) for bias in (0.0, 1.0, 2.0))
    caller = opened(world, log, one, challenger(other), challenger(third))
    assert version(caller, LOW) == one.version
    assert {place.refusal for place in caller.gateway.table.arms} == {"buckets 0 to 5000 were given to two versions"}


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


def test_what_people_stopped_answers_nobody(world: World, log: ArrowLog) -> None:
    one = world.release()
    caller = opened(world, log, one, stopped=("loans", "gone"))
    assert caller.infer(body()) == (503, {"error": "not available"})
    assert caller.infer(body(), "/v2/models/gone/infer") == (503, {"error": "not available"})
    assert "people stopped it" in caller.gateway.table.places["loans"].refusal
