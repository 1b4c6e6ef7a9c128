from __future__ import annotations

from dataclasses import replace

import pytest
from tests.gateway.papers.written import COLUMNS, body
from tests.gateway.traffic.scene import HALF, HIGH, LOW, challenger, opened, version
from tests.gateway.world import World

from muster.adapters.arrowlog.writer import ArrowLog
from muster.records.release import Buckets, Part


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


def test_what_people_stopped_answers_nobody(world: World, log: ArrowLog) -> None:
    one = world.release()
    caller = opened(world, log, one, stopped=("loans", "gone"))
    assert caller.infer(body()) == (503, {"error": "not available"})
    assert caller.infer(body(), "/v2/models/gone/infer") == (503, {"error": "not available"})
    assert "people stopped it" in caller.gateway.table.places["loans"].refusal


def test_a_release_to_trial_answers_some_of_the_people_and_never_all(world: World, log: ArrowLog) -> None:
    one, other = world.release(), world.release("loans", bias=1.0, scope="trial")
    caller = opened(world, log, one, challenger(other))
    assert [version(caller, who) for who in (LOW, HIGH)] == [other.version, one.version]
    caller = opened(world, log, other)
    assert caller.gateway.table.places["loans"].refusal == (
        "scope 'trial': a release for that never answers callers as the champion"
    )
    assert caller.infer(body())[0] == 503


def test_versions_on_trial_answer_no_more_than_half_of_the_people_together(world: World, log: ArrowLog) -> None:
    one, other, third = (world.release(bias=bias, **({"scope": "trial"} if bias else {})) for bias in (0.0, 1.0, 2.0))
    few = challenger(third, (Buckets(9_000, 10_000),))
    caller = opened(world, log, one, challenger(other), few)
    assert [version(caller, who) for who in (LOW, HIGH)] == [one.version, one.version], "more than half: none of them"
    assert {place.refusal for place in caller.gateway.table.arms} == {
        "versions on trial answer more than 50% of the people here"
    }
    caller = opened(world, log, one, challenger(other, (Buckets(0, 4_000),)), few)
    assert [version(caller, who) for who in (LOW, HIGH)] == [other.version, third.version]
