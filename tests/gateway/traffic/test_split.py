from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.gateway.papers.written import POLICY, body
from tests.gateway.traffic.scene import ALL, HIGH, LOW, TENTH, challenger, opened, person, shadow, version
from tests.gateway.world import World

from muster.adapters.arrowlog.writer import ArrowLog
from muster.ports.log import Stream
from muster.records.governance.serving import ClientRate, Rate, ServingTerms
from muster.rules.language.clients import Client


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


def test_a_person_meets_the_same_version_after_restarts_and_other_orders(world: World, log: ArrowLog) -> None:
    one, other = world.release(), world.release(bias=1.0)
    people = [str(each) for each in range(40)]
    first = opened(world, log, one, challenger(other))
    met = {who: version(first, who) for who in people}
    assert set(met.values()) == {one.version, other.version}
    again = opened(world, log, one, challenger(other))  # another process, newer orders
    assert {who: version(again, who) for who in people} == met
    less = opened(world, log, one, challenger(other, TENTH))
    moved = {who for who in people if version(less, who) != met[who]}
    assert {met[who] for who in moved} == {other.version}, "only people of the share that became smaller"


def test_a_challenger_of_everybody_answers_everybody_while_the_champion_stands(world: World, log: ArrowLog) -> None:
    one, other = world.release(life=timedelta(hours=5)), world.release(bias=1.0, life=timedelta(hours=2))
    caller = opened(world, log, one, challenger(other, ALL))
    assert {version(caller, who) for who in (LOW, HIGH, "somebody")} == {other.version}
    world.later(hours=3)
    assert {version(caller, who) for who in (LOW, HIGH, "somebody")} == {one.version}


def test_a_clock_that_goes_back_brings_no_challenger_back(world: World, log: ArrowLog) -> None:
    one, other = world.release(life=timedelta(hours=9)), world.release(bias=1.0, life=timedelta(hours=2))
    caller = opened(world, log, one, challenger(other))
    world.later(hours=3)
    assert version(caller, LOW) == one.version
    world.now -= timedelta(hours=3)
    assert version(caller, LOW) == one.version, "by the clock that only runs on, its time is over"


def client(label: str) -> Client:
    return Client(label, "loans", hashlib.sha256(label.encode()).digest())


TERMS = ServingTerms(rate=Rate(1_000, 1_000, ClientRate(0.001, 3)))


@pytest.mark.parametrize("whom", [(LOW, LOW, LOW, LOW), (HIGH, LOW, HIGH, LOW), (LOW, HIGH, HIGH, HIGH)])
def test_the_rate_of_a_client_holds_whichever_version_answers(
    world: World, log: ArrowLog, whom: tuple[str, ...]
) -> None:
    policy = replace(POLICY, serving=TERMS)
    one, other = world.release(policy=policy), world.release(bias=1.0, policy=policy)
    caller = opened(world, log, one, challenger(other))
    caller.gateway.desk.clients = lambda: [client("ann"), client("eve")]
    asked = [caller.infer(body(), routing_key=who, authorization="Bearer ann")[0] for who in whom]
    assert asked == [200, 200, 200, 429]
    assert caller.infer(body(), routing_key=LOW, authorization="Bearer eve")[0] == 200, "each has a rate of its own"
    log.flush()
    assert len(world.logged()) == 4


def test_rows_of_one_request_that_meet_two_versions_count_once_for_their_client(world: World, log: ArrowLog) -> None:
    policy = replace(POLICY, serving=TERMS)
    one, other = world.release(policy=policy), world.release(bias=1.0, policy=policy)
    caller = opened(world, log, replace(one, routing="months"), challenger(other))
    caller.gateway.desk.clients = lambda: [client("ann")]
    low, high = (int(person(lane)) for lane in (range(5_000), range(5_000, 10_000)))
    assert caller.infer(body(3, months=[low, high, low]), authorization="Bearer ann")[0] == 200
    assert caller.infer(body(1, months=[high]), authorization="Bearer ann")[0] == 429
    log.flush()
    assert [row["version"] for row in world.logged()].count(other.version) == 2
