from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.gateway.caller import Caller
from tests.gateway.papers.written import POLICY, body
from tests.gateway.traffic.scene import ALL, HIGH, LOW, challenger, opened, shadow, version
from tests.gateway.world import World

from muster.adapters.arrowlog.writer import ArrowLog
from muster.ports.log import Stream
from muster.records.governance.serving import ServingTerms

FREE = replace(POLICY, serving=ServingTerms(callers_choose=True))


def ask(caller: Caller, digest: str, who: str = LOW) -> tuple[int, Any]:
    return caller.infer(body(), f"/v2/models/loans/versions/{digest}/infer", routing_key=who)


def test_no_caller_chooses_among_versions_that_share_the_traffic(world: World, log: ArrowLog) -> None:
    one, other = world.release(), world.release(bias=1.0)
    caller = opened(world, log, one, challenger(other))
    for each in (one.version, other.version):
        status, said = ask(caller, each)
        assert (status, "who is asked about decides" in said["error"]) == (403, True)
    assert ask(caller, "sha256:nothing") == (404, {"error": "the model does not serve that version"})
    assert ask(caller, "1") == (404, {"error": "the model does not serve that version"})


def test_where_the_policy_lets_callers_choose_the_version_that_they_name_answers(world: World, log: ArrowLog) -> None:
    one, other = world.release(policy=FREE), world.release(bias=1.0, policy=FREE)
    caller = opened(world, log, one, challenger(other))
    for who in (LOW, HIGH):
        for each in (one.version, other.version):
            status, answer = ask(caller, each, who)
            assert (status, answer["model_version"]) == (200, each)
    assert [version(caller, who) for who in (LOW, HIGH)] == [other.version, one.version], "nobody else is moved"
    log.flush()
    assert [row["version"] for row in world.logged()].count(other.version) == 3
    world.later(hours=30)
    assert ask(caller, other.version)[0] == 503, "with the champion all end"


def test_a_version_that_lapsed_does_not_answer_who_names_it(world: World, log: ArrowLog) -> None:
    one = world.release(policy=FREE, life=timedelta(hours=9))
    other = world.release(bias=1.0, policy=FREE, life=timedelta(hours=2))
    caller = opened(world, log, one, challenger(other))
    world.later(hours=3)
    assert ask(caller, other.version)[0] == 404
    assert ask(caller, one.version)[0] == 200


def test_a_shadow_answers_nobody_and_hides_no_champion(world: World, log: ArrowLog) -> None:
    one, other = world.release(), world.release(bias=1.0)
    caller = opened(world, log, one, shadow(other, ALL))
    assert ask(caller, other.version)[0] == 404
    status, answer = ask(caller, one.version)
    assert (status, answer["model_version"]) == (200, one.version)
    assert caller.gateway.desk.shadows.idle()
    log.flush()
    assert [row["version"] for row in world.logged(stream=Stream.SHADOWS)] == [other.version]


@pytest.mark.parametrize("policy", [POLICY, FREE])
def test_all_versions_that_answer_are_told_as_servers_of_this_protocol_do(
    world: World, log: ArrowLog, policy: Any
) -> None:
    one, other, third = (world.release(bias=bias, policy=policy) for bias in (0.0, 1.0, 2.0))
    caller = opened(world, log, one, challenger(other), shadow(third))
    both = [one.version, other.version]
    assert caller("GET", "/v2/models/loans")[1]["versions"] == both
    config = caller("GET", "/v2/models/loans/config")[1]
    assert config["version_policy"] == {"specific": {"versions": both}}
    version(caller, LOW)
    stats = caller("GET", "/v2/models/loans/stats")[1]["model_stats"]
    assert [(each["version"], each["inference_count"]) for each in stats] == [(one.version, 0), (other.version, 1)]
    index = caller("POST", "/v2/repository/index")[1]
    assert [(each["name"], each["version"], each["state"]) for each in index] == [
        ("loans", each, "READY") for each in both
    ]
    for each in both:
        assert caller("GET", f"/v2/models/loans/versions/{each}/ready")[1] == {"name": "loans", "ready": True}
        assert caller("GET", f"/v2/models/loans/versions/{each}")[0] == 200
        (mine,) = caller("GET", f"/v2/models/loans/versions/{each}/stats")[1]["model_stats"]
        assert mine["version"] == each
    assert caller("GET", f"/v2/models/loans/versions/{third.version}/ready")[0] == 404
