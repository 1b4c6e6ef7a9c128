from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.gateway.papers.written import POLICY
from tests.gateway.world import World

from muster.adapters.arrowlog.writer import ArrowLog
from muster.columns.encoding.coded import Coded
from muster.gateway.batch.deciding import Batch, decide_batch
from muster.gateway.decided import Decided, Refused
from muster.gateway.served import Served
from muster.guards.guard import Rows
from muster.records.governance.serving import Abstain, BusinessRule, Condition, Effect, Holds, Rate, ServingTerms

KINDS = {"income": "FP64", "months": "INT64", "job": "BYTES"}
TERMS = ServingTerms(
    rate=Rate(1e9, 1_000_000),
    abstain=Abstain(0.02),
    rules=(
        BusinessRule("poor", (Condition("income", Holds.BELOW, 5_000.0),), Effect.REFUSE, "Income is too low."),
        BusinessRule("long", (Condition("months", Holds.ABOVE, 400.0),), Effect.REFER, "Very long."),
    ),
)
VALUES = {
    "income": st.sampled_from([0.0, 4_000.0, 20_000.0, 50_000.0, 120_000.0, float("nan"), float("inf")]),
    "months": st.sampled_from([None, 0, 12, 450, 700]),
    "job": st.sampled_from(["clerk", "smith", "moon", None]),
}
ROW = st.fixed_dictionaries(VALUES)


@pytest.fixture
def served(world: World, log: ArrowLog) -> Served:
    world.order(world.release(policy=replace(POLICY, serving=TERMS)))
    found = world.admissions(log).refresh().places["loans"].served
    assert isinstance(found, Served)
    return found


def lists(asked: list[dict[str, Any]]) -> Rows:
    columns = {name: [row[name] for row in asked] for name in KINDS}
    columns["income"] = [None if np.isnan(value) else value for value in columns["income"]]
    return Rows(len(asked), columns, KINDS)


def arrays(asked: list[dict[str, Any]]) -> Rows:
    jobs = (None, "never", *VALUES_OF_JOB)
    months = np.array([np.nan if row["months"] is None else row["months"] for row in asked], np.float64)
    codes = np.array([jobs.index(row["job"]) for row in asked], np.int32)
    columns = {"income": np.array([row["income"] for row in asked]), "months": months, "job": Coded(jobs, codes)}
    return Rows(len(asked), columns, KINDS)


VALUES_OF_JOB = ("clerk", "smith", "weaver", "moon")


def answered(served: Served, one: dict[str, Any], world: World) -> Decided | Refused:
    try:
        return served.decide(lists([one]), "", world.now, 0.0)
    except Refused as error:
        return error


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(st.lists(ROW, min_size=1, max_size=40))
def test_every_row_becomes_what_a_gateway_makes_of_it(
    served: Served, world: World, asked: list[dict[str, Any]]
) -> None:
    found = decide_batch(served, arrays(asked))
    places = {int(row): place for place, row in enumerate(found.accepted)}
    assert sorted([*places, *found.refusals]) == list(range(len(asked)))
    for row, one in enumerate(asked):
        alone = answered(served, one, world)
        if isinstance(alone, Refused):
            assert found.refusals[row].guard == alone.guard
            assert found.refusals[row].reason == str(alone).replace(", row 0: ", ": ")
            continue
        at = places[row]
        assert found.scores[at] == alone.scores[0]
        assert {1: True, 0: False, -1: None}[int(found.favourable[at])] is alone.favourable[0]
        assert found.decisions[at] == alone.decisions[0]
        assert list(found.flags.get(at, ())) == list(alone.flags[0])
        assert list(found.reasons.get(at, ())) == list(alone.reasons[0])


def test_rows_that_could_not_be_read_are_refused_with_the_others(served: Served) -> None:
    good = {"income": 50_000.0, "months": 12, "job": "smith"}
    found = decide_batch(served, arrays([good, good, {**good, "job": "moon"}]), {0: "column income: expected a number"})
    assert found.accepted.tolist() == [1]
    assert {row: refusal.guard for row, refusal in found.refusals.items()} == {0: "schema", 2: "schema"}
    assert found.refusals[2].reason == "column job: unknown category"


def test_where_nothing_is_left_nothing_is_decided(served: Served) -> None:
    bad = {"income": 50_000.0, "months": 12, "job": "moon"}
    for faults in ({}, {0: "column income: expected a number"}):
        found = decide_batch(served, arrays([bad]), faults)
        assert isinstance(found, Batch)
        assert (len(found.scores), len(found.decisions), list(found.refusals)) == (0, 0, [0])


def test_a_rate_makes_rows_wait_and_refuses_none(world: World, log: ArrowLog) -> None:
    terms = ServingTerms(rate=Rate(1_000.0, 2))
    world.order(world.release(policy=replace(POLICY, serving=terms)))
    served = world.admissions(log).refresh().places["loans"].served
    assert isinstance(served, Served)
    assert served.guards.most == 2
    good = [{"income": 50_000.0, "months": 12, "job": "smith"}] * 2
    waited: list[int] = []
    for _ in range(3):
        assert not decide_batch(served, arrays(good), pause=lambda: waited.append(1)).refusals
    assert waited


def test_an_answer_that_is_none_is_a_fault_of_ours(served: Served) -> None:
    class Wrong:
        plan = served.model.plan

        def scores(self, encoded: Any) -> Any:
            return np.full(len(encoded), np.inf)

    good = {"income": 50_000.0, "months": 12, "job": "smith"}
    with pytest.raises(ArithmeticError, match="not a probability"):
        decide_batch(replace(served, model=Wrong()), arrays([good]))  # type: ignore[arg-type]
