from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.lifecycle.serve.traffic.logs import refuse, write
from tests.lifecycle.serve.traffic.scene import second
from tests.walk import Walked


def start(walked: Walked, version: str, **asked: Any) -> Any:
    return walked.do("omar", "canary start", name="credit", version=version, **{"each": "30m", **asked})


def step(walked: Walked) -> list[tuple[str, float, str]]:
    return [(move.state.value, move.share, move.reason) for move in walked.do("omar", "canary step")]


def shares(walked: Walked) -> dict[str, float]:
    return {each.version: each.share for each in walked.do("omar", "orders show").deployments}


def later(walked: Walked, **span: float) -> None:
    walked.clock.offset += timedelta(**span)


def both(walked: Walked, other: str, rows: int = 1500, **how: Any) -> None:
    write(walked, walked.version, 1600)
    write(walked, other, rows, **how)


def test_a_canary_that_is_as_good_goes_all_the_way(paired: Walked, other: str) -> None:
    start(paired, other, steps="10,50,100")
    assert shares(paired) == {paired.version: 0.9, other: 0.1}
    assert step(paired) == [], "the time of the step is not over"
    for share in (0.5, 1.0):
        later(paired, minutes=31)
        both(paired, other)
        ((state, now, reason),) = step(paired)
        assert (state, now) == ("promoted" if share == 1.0 else "running", share)
        assert "error_rate_more" in reason
        assert shares(paired)[other] == share
    assert list(shares(paired)) == [other]
    assert step(paired) == []
    lines = paired.do("mia", "canary show", name="credit")
    assert [(line.state.value, line.share) for line in lines] == [("running", 0.1), ("running", 0.5), ("promoted", 1.0)]
    assert {figure.name for figure in lines[-1].figures} >= {"latency_p99_ratio", "score_drift", "approval_rate_apart"}
    assert list(shares(paired)) == [other]
    assert [each.version for each in paired.do("omar", "traffic rollback", name="credit").deployments] == [
        paired.version
    ]


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"shift": 0.4}, "score_drift"),
        ({"latency": 5_000.0}, "latency_p99_ratio"),
        ({"refused": "schema"}, "refusal_rate_more"),
        ({"refused": "consistent"}, "error_rate_more"),
    ],
)
def test_a_figure_beyond_its_limit_takes_it_back_at_once(
    paired: Walked, other: str, how: dict[str, Any], said: str
) -> None:
    start(paired, other, steps="10,100")
    later(paired, minutes=2)
    guard = how.pop("refused", "")
    both(paired, other, **how)
    if guard:
        refuse(paired, other, guard, 400)
        refuse(paired, paired.version, guard, 1)
    ((state, share, reason),) = step(paired)
    assert (state, share) == ("rolled-back", 0.0)
    assert said in reason
    assert "is beyond" in reason
    assert shares(paired) == {paired.version: 1.0}
    assert paired.alerts()[-1] == "canary-rolled-back"
    assert paired.do("mia", "canary show")[-1].figures
    assert step(paired) == []


def test_too_little_evidence_never_promotes(paired: Walked, other: str) -> None:
    start(paired, other, steps="10,100")
    later(paired, days=1)
    ((state, share, reason),) = step(paired)
    assert (state, share) == ("running", 0.1)
    assert "it waits: " in reason
    later(paired, hours=1)
    both(paired, other, 100)
    assert step(paired) == [], "that it waits is recorded once a step"
    assert shares(paired)[other] == 0.1


def test_only_what_happened_since_the_step_began_counts(paired: Walked, other: str) -> None:
    both(paired, other, shift=0.4)
    later(paired, hours=2)
    start(paired, other, steps="10,100")
    later(paired, hours=1)
    ((state, _, _),) = step(paired)
    assert state == "running"


def test_shadows_and_what_was_asked_too_often_count_for_nothing(paired: Walked, other: str) -> None:
    start(paired, other, steps="10,100")
    later(paired, minutes=31)
    both(paired, other)
    refuse(paired, other, "rate", 5000)
    assert step(paired)[0][0] == "promoted"


def test_a_paused_canary_stays_and_is_still_taken_back(paired: Walked, other: str) -> None:
    start(paired, other, steps="10,100")
    paired.do("omar", "canary pause", name="credit")
    later(paired, minutes=31)
    both(paired, other)
    assert step(paired) == []
    paired.do("omar", "canary continue", name="credit")
    paired.do("omar", "canary pause", name="credit")
    later(paired, minutes=31)
    both(paired, other, shift=0.4)
    assert step(paired)[0][0] == "rolled-back"


def test_a_plan_that_ends_before_everybody_waits_for_people(paired: Walked, other: str) -> None:
    start(paired, other, steps="10")
    later(paired, minutes=31)
    both(paired, other)
    ((state, share, reason),) = step(paired)
    assert (state, share) == ("paused", 0.1)
    assert "muster traffic promote" in reason


@pytest.mark.parametrize("ended", ["deployment set", "stop", "release revoke"])
def test_a_canary_ends_with_what_it_was_a_part_of(paired: Walked, other: str, ended: str) -> None:
    start(paired, other, steps="10,100")
    if ended == "deployment set":
        paired.do("omar", "deployment set", name="credit", version=paired.version)
    elif ended == "stop":
        paired.do("omar", "stop", deployment="credit", reason="complaints")
    else:
        package = paired.do("omar", "orders show").deployments[-1].package
        paired.do("ana", "release revoke", package=package, reason="a complaint")
        paired.do("omar", "posture update")
    ((state, share, reason),) = step(paired)
    assert (state, share) == ("aborted", 0.0)
    assert "orders no longer name it" in reason
    assert other not in shares(paired)
    assert step(paired) == []


def test_fairness_is_held_to_its_limit_where_groups_are_known(paired: Walked, other: str) -> None:
    start(paired, other, steps="10,100", limits=["groups=PAY_0"])
    later(paired, minutes=31)
    both(paired, other)
    ((state, _, reason),) = step(paired)
    assert state == "running"
    assert "impact_ratio_least is not known" in reason, "all are of one group"


def test_a_canary_that_somebody_made_the_champion_stays_the_champion(paired: Walked, other: str) -> None:
    start(paired, other, steps="10,100")
    paired.do("omar", "traffic promote", name="credit", version=other)
    ((state, share, reason),) = step(paired)
    assert (state, share) == ("aborted", 1.0)
    assert "no longer name it beside the champion" in reason
    assert shares(paired) == {other: 1.0}
    assert step(paired) == []


def test_a_canary_that_somebody_put_into_the_shadow_stays_there(paired: Walked, other: str) -> None:
    start(paired, other, steps="10,100")
    paired.do("omar", "traffic set", name="credit", shadow=[f"{other}=1"])
    assert step(paired)[0][:2] == ("aborted", 0.0)
    assert shares(paired) == {paired.version: 1.0, other: 1.0}


def test_a_canary_waits_where_other_challengers_have_what_its_next_step_needs(paired: Walked, other: str) -> None:
    third = second(paired, 0.9)
    paired.do("omar", "traffic set", name="credit", challenger=[f"{third}=0.6"])
    start(paired, other, steps="10,50,100")
    later(paired, minutes=31)
    both(paired, other)
    ((state, share, reason),) = step(paired)
    assert (state, share) == ("running", 0.1)
    assert "cannot be let at more people: the challengers together take 110.00%" in reason
    assert step(paired) == []
    paired.do("omar", "traffic set", name="credit", challenger=[f"{third}=0.2", f"{other}=0.1"])
    assert step(paired)[0][:2] == ("running", 0.5)


def test_a_clock_that_goes_back_lets_nobody_on(paired: Walked, other: str) -> None:
    start(paired, other, steps="10,50,100")
    later(paired, minutes=31)
    both(paired, other)
    assert step(paired)[0][:2] == ("running", 0.5)
    later(paired, minutes=-25)
    both(paired, other)
    assert step(paired) == []
    later(paired, minutes=25)
    assert step(paired) == []
    assert shares(paired)[other] == 0.5


def test_only_one_canary_runs_under_a_name(paired: Walked, other: str) -> None:
    third = second(paired, 0.9)
    start(paired, other)
    for version in (other, third):
        with pytest.raises(ValueError, match="is a canary of 'credit' already"):
            start(paired, version)
    paired.do("omar", "canary pause", name="credit")
    with pytest.raises(ValueError, match="already"):
        start(paired, third)


@pytest.mark.parametrize("command", ["canary start", "canary step", "canary continue", "canary abort", "traffic set"])
def test_who_is_no_operator_moves_no_traffic(paired: Walked, other: str, command: str) -> None:
    start(paired, other, steps="10,100")
    asked: dict[str, Any] = {} if command == "canary step" else {"name": "credit"}
    asked |= {"version": other} if command == "canary start" else {}
    before = paired.do("omar", "orders show").number
    for actor in ("mia", "ana"):
        with pytest.raises(PermissionError, match="operator"):
            paired.do(actor, command, **asked)
    assert paired.do("omar", "orders show").number == before


def test_a_challenger_answers_nobody_once_its_champion_is_suspended(paired: Walked, other: str) -> None:
    start(paired, other, steps="10,100")
    package = paired.do("omar", "orders show").deployments[0].package
    paired.do("ana", "release revoke", package=package, reason="a complaint")
    paired.do("omar", "posture update")
    (place,) = paired.gateway().refresh().places.values()
    assert place.served is None
    assert step(paired)[0][:2] == ("aborted", 0.0)
    assert not paired.gateway().refresh().serving(paired.clock())
    paired.do("omar", "deployment set", name="credit", version=other)
    assert shares(paired) == {other: 1.0}
