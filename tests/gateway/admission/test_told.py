from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from tests.gateway.papers.written import POLICY, body
from tests.gateway.world import World

from muster.adapters.arrowlog.writer import ArrowLog
from muster.adapters.onnx import OnnxPredictor
from muster.columns.explanation.header import Header
from muster.columns.explanation.packed import pack
from muster.columns.explanation.reading import read_served
from muster.columns.explanation.sampling.reasons import pack_sampled
from muster.columns.forms import Linear
from muster.gateway.admission.table import Place
from muster.gateway.admission.told import Told
from muster.gateway.decided import Decided, Refused
from muster.gateway.served import Served
from muster.guards.guard import Rows
from muster.ports.log import Stream
from muster.records.canonical import canonical
from muster.records.codec import encode
from muster.records.governance.serving import (
    Abstain,
    BusinessRule,
    ClientRate,
    Condition,
    Effect,
    Holds,
    LogTerms,
    Rate,
    ServingTerms,
)
from muster.records.policy import Factor, ReasonMap
from muster.records.release import GuardOrder, NamedDigest

LARGE = BusinessRule("large", (Condition("income", Holds.ABOVE, 9e4),), Effect.REFER, "Large ones go to a person")
NEW = BusinessRule("new", (Condition("months", Holds.BELOW, 3.0),), Effect.REFUSE, "Known for less than three months")


def opened(world: World, log: ArrowLog, terms: ServingTerms, **policy: Any) -> tuple[Served | None, str]:
    world.order(world.release(policy=replace(POLICY, serving=terms, **policy)))
    place = world.admissions(log).refresh().places["loans"]
    assert place.served is None or isinstance(place.served, Served)
    return place.served, place.refusal


def asked(served: Served | None, world: World, incomes: list[float], months: list[int]) -> Decided:
    assert served
    size = len(incomes)
    kinds = {tensor["name"]: tensor["datatype"] for tensor in body()["inputs"]}
    rows = Rows(size, {"income": incomes, "months": months, "job": ["clerk"] * size}, kinds)
    return served.decide(rows, "r", world.now, 0.0)


def test_rules_send_rows_to_a_person_or_refuse_them_and_the_log_has_it_all(world: World, log: ArrowLog) -> None:
    terms = ServingTerms(rules=(LARGE, NEW), review="https://review.example/{decision_id}")
    served, _ = opened(world, log, terms)
    decided = asked(served, world, [5e4, 9.5e4, 9.5e4, 0.0], [10, 10, 1, 10])
    favourable = decided.scores[0] < 0.5
    assert decided.favourable[:3] == [favourable, None, False]
    assert decided.decisions[1:3] == ["refer", "refuse"]
    assert decided.reasons[2] == ["rule:new"]
    assert decided.words["rule:new"] == "Known for less than three months"
    assert decided.flags[1:3] == [("rule:large",), ("rule:large", "rule:new")]
    assert decided.review_of(1) == f"https://review.example/{decided.decision_ids[1]}"
    assert bool(decided.review_of(0)) is not favourable
    assert "business=abstain" in decided.guards
    log.flush()
    rows = world.logged()
    assert [row["favourable"] for row in rows] == decided.favourable
    assert [row["decision"] for row in rows] == decided.decisions
    assert rows[2]["reasons"] == ["rule:new"]
    assert rows[1]["flags"] == ["rule:large"]
    assert all(row["scored_us"] >= 0 for row in rows)


def test_near_the_threshold_a_person_decides(world: World, log: ArrowLog) -> None:
    served, _ = opened(world, log, ServingTerms(abstain=Abstain(0.2)))
    incomes = [float(n) for n in range(0, 100_001, 5_000)]
    decided = asked(served, world, incomes, [10] * len(incomes))
    near = [abs(score - 0.5) <= 0.2 for score in decided.scores]
    assert [favour is None for favour in decided.favourable] == near
    assert any(near)
    assert not all(near)


def test_numbers_that_nobody_has_seen_can_go_to_a_person(world: World, log: ArrowLog) -> None:
    served, _ = opened(world, log, ServingTerms(abstain=Abstain(marks=("outside-range",))))
    decided = asked(served, world, [2e5, 1e3], [10, 10])
    assert [favour is None for favour in decided.favourable] == [True, False]
    assert decided.flags[0] == ("outside-range:income",)


def test_rates_and_sizes_name_the_guard_that_refused(world: World, log: ArrowLog) -> None:
    served, _ = opened(world, log, ServingTerms(largest_rows=2, rate=Rate(0.001, 2)))
    asked(served, world, [1.0, 1.0], [1, 1])
    for incomes, guard in (([1.0] * 3, "size"), ([1.0], "rate")):
        with pytest.raises(Refused) as refused:
            asked(served, world, incomes, [1] * len(incomes))
        assert refused.value.guard == guard
    log.flush()
    assert [row["guard"] for row in world.logged(stream=Stream.REFUSALS)] == ["size", "rate"]


def test_each_client_has_a_rate_of_its_own_beside_that_of_all(world: World, log: ArrowLog) -> None:
    served, _ = opened(world, log, ServingTerms(rate=Rate(0.001, 5, ClientRate(0.001, 2))))
    assert served
    ann, eve = served.asked_by(b"ann"), served.asked_by(b"eve")
    assert served.asked_by(b"ann") is ann
    asked(ann, world, [1.0, 1.0], [1, 1])
    asked(eve, world, [1.0], [1])
    for who, guard in ((ann, "client-rate"), (ann, "client-rate")):
        with pytest.raises(Refused) as refused:
            asked(who, world, [1.0], [1])
        assert refused.value.guard == guard
    asked(eve, world, [1.0], [1])
    asked(served, world, [1.0], [1])
    with pytest.raises(Refused) as refused:
        asked(served.asked_by(b"bob"), world, [1.0], [1])
    assert refused.value.guard == "rate"  # all of them together have had theirs
    log.flush()
    assert [row["guard"] for row in world.logged(stream=Stream.REFUSALS)] == ["client-rate", "rate"]
    served.recorder.settle({"request_id": "", "at": 0})
    log.flush()
    assert world.logged(stream=Stream.REFUSALS)[-1]["guard"] == "client-rate"


def test_personal_inputs_lie_in_a_stream_of_their_own(world: World, log: ArrowLog) -> None:
    served, _ = opened(world, log, ServingTerms(log=LogTerms(personal=("job",))))
    decided = asked(served, world, [1.0, 2.0], [1, 1])
    log.flush()
    rows, apart = world.logged(), world.logged(stream=Stream.PERSONAL)
    assert "input.job" not in rows[0]
    assert rows[0]["input.income"] == 1.0
    assert {row["decision_id"]: row["input.job"] for row in apart} == dict.fromkeys(decided.decision_ids, "clerk")
    assert "input.income" not in apart[0]


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        (ServingTerms(rules=(replace(LARGE, when=(Condition("wealth", Holds.ABOVE, 1.0),)),)), "guard business"),
        (ServingTerms(abstain=Abstain(0.0)), "guard abstain"),
        (ServingTerms(rate=Rate(0.0, 1)), "guard rate"),
        (ServingTerms(rate=Rate(9.0, 9, ClientRate(1.0, 0))), "guard rate"),
        (ServingTerms(largest_rows=0), "guard size"),
        (ServingTerms(log=LogTerms(personal=("wealth",))), "keeps wealth apart"),
    ],
)
def test_a_guard_that_cannot_open_keeps_the_gate_closed(
    world: World, log: ArrowLog, terms: ServingTerms, said: str
) -> None:
    served, refusal = opened(world, log, terms)
    assert served is None
    assert said in refusal


REASONS = ReasonMap(
    "why",
    "loans",
    (
        Factor("money", ("income",), "Income"),
        Factor("time", ("months",), "Months with us"),
        Factor("work", ("job",), "Occupation"),
    ),
)


def explained(world: World, log: ArrowLog, map_: ReasonMap = REASONS, bias: float = 0.0, **policy: Any) -> Place:
    """Serve with an explanation of a model whose intercept is that of the served one, or off by a bias."""
    deployment = world.release(policy=replace(POLICY, **policy), bias=6.0)
    plan, form = read_served(world.outbox.get(deployment.served))
    assert isinstance(form, Linear)
    background = np.full((20, plan.width), 8.0)  # people with much of everything
    mapped = world.outbox.put(canonical(encode(map_)))
    header = Header(deployment.served, mapped, "sha256:d", 20)
    packed = pack(header, plan, replace(form, intercept=form.intercept + bias), map_, background)
    world.order(
        deployment,
        reasons=(NamedDigest("loans", mapped),),
        explanations=(NamedDigest("loans", world.outbox.put(packed)),),
    )
    return world.admissions(log).refresh().places["loans"]


def test_whoever_is_refused_is_given_reasons_and_nobody_else(world: World, log: ArrowLog) -> None:
    place = explained(world, log, guards=("reasons",))
    assert isinstance(place.served, Served), place.refusal
    assert "reasons: the explanation computes what the artifact does" in place.steps
    incomes = [float(n) for n in range(0, 100_001, 10_000)]
    decided = asked(place.served, world, incomes, [400] * len(incomes))
    assert {True, False} <= set(decided.favourable)
    for favourable, codes in zip(decided.favourable, decided.reasons, strict=True):
        assert not (codes and favourable)
        assert set(codes) <= {"money", "time", "work"}
    assert any(decided.reasons)
    assert decided.words["money"] == "Income"
    log.flush()
    assert [row["reasons"] for row in world.logged()] == [list(codes) for codes in decided.reasons]


def sampled(world: World, log: ArrowLog, bias: float = 0.0) -> Place:
    """Serve with an explanation by mixed rows, whose scores of the references are off by a bias."""
    deployment = world.release(policy=replace(POLICY, guards=("reasons",)), bias=6.0)
    references = pa.table({"income": [8e4, 9e4], "months": [300, 400], "job": ["clerk", "clerk"]})
    model = OnnxPredictor.load(world.outbox.get(deployment.served))
    scores = model.scores(model.encoder("refuse").encode(references.to_pydict()))
    mapped = world.outbox.put(canonical(encode(REASONS)))
    packed = pack_sampled(Header(deployment.served, mapped, "sha256:d", 20), 3, references, scores + bias)
    world.order(
        deployment,
        reasons=(NamedDigest("loans", mapped),),
        explanations=(NamedDigest("loans", world.outbox.put(packed)),),
    )
    return world.admissions(log).refresh().places["loans"]


def test_reasons_by_mixed_rows_are_given_in_whatever_way_a_row_is_decided(world: World, log: ArrowLog) -> None:
    place = sampled(world, log)
    assert isinstance(place.served, Served), place.refusal
    assert "reasons: from 12 scores of mixed rows for each refused row" in place.steps
    incomes = [float(n) for n in range(0, 100_001, 10_000)]
    decided = asked(place.served, world, incomes, [400] * len(incomes))
    assert {True, False} <= set(decided.favourable)
    assert [bool(codes) for codes in decided.reasons] == [not favourable for favourable in decided.favourable]
    for income, codes in zip(incomes, decided.reasons, strict=True):
        assert asked(place.served, world, [income], [400]).reasons == [codes]
    assert "of another model" in sampled(world, log, bias=1e-3).refusal


def test_an_explanation_of_another_model_gives_nobody_a_reason(world: World, log: ArrowLog) -> None:
    place = explained(world, log, bias=1e-6)
    assert place.served is None
    assert "of another model" in place.refusal


def test_reasons_that_are_demanded_and_cannot_be_given_keep_the_gate_closed(world: World, log: ArrowLog) -> None:
    served, refusal = opened(world, log, ServingTerms(), guards=("reasons",))
    assert served is None
    assert "demands reasons" in refusal
    partly = replace(REASONS, factors=REASONS.factors[:2])
    assert "no words for job" in explained(world, log, partly, guards=("reasons",)).refusal
    assert explained(world, log, partly).served is not None


def test_without_a_reason_map_it_serves_as_before_and_says_so(world: World, log: ArrowLog) -> None:
    world.order(world.release())
    place = world.admissions(log).refresh().places["loans"]
    assert isinstance(place.served, Served)
    assert any("no reasons are given" in step for step in place.steps)
    assert not any(asked(place.served, world, [0.0, 1e5], [400, 400]).reasons)


def test_several_processes_share_the_rate_and_never_allow_more() -> None:
    orders = (GuardOrder("rate", {"rows_per_second": 10.0, "burst": 5}),)
    assert Told.of(orders).rate == Rate(10.0, 5)
    assert Told.of(orders, 1 / 4).rate == Rate(2.5, 1)
    assert Told.of((GuardOrder("rate", {"rows_per_second": 1.0, "burst": 1}),), 1 / 4).rate == Rate(0.25, 1)
    assert Told.of(()).rate is None
