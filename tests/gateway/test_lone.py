"""A plain row alone is decided, answered and logged as by the way of many rows; any other is left to that way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.gateway.caller import Caller
from tests.gateway.world import World

from muster.adapters.arrowlog.writer import ArrowLog, Rolling
from muster.gateway.decided import Refused
from muster.gateway.lone import Lone
from muster.gateway.recording import Recorder
from muster.gateway.served import Served
from muster.guards.guard import Rows
from muster.ports.log import Source, Stream
from muster.records.data import Column, ColumnType
from muster.records.governance.serving import LogTerms

KINDS = {"income": "FP64", "months": "INT64", "job": "BYTES"}
ROW = {"income": 30_000.0, "months": 12, "job": "clerk"}
SPARED = {"decision_id", "request_id", "latency_us", "scored_us", "at"}


@pytest.fixture
def served(world: World, log: ArrowLog) -> Served:
    world.order(world.release())
    found = world.admissions(log).refresh().places["loans"].served
    assert isinstance(found, Served)
    return found


def values(**changed: Any) -> tuple[Any, ...]:
    return tuple({**ROW, **changed}.values())


def lone(served: Served) -> Lone:
    assert served.lone is not None
    return served.lone


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.one_of(st.floats(), st.integers(), st.none()),
    st.one_of(st.integers(-(2**60), 2**60), st.none()),
    st.sampled_from(["clerk", "baker", "nobody knows it", None]),
)
def test_whatever_is_decided_alone_is_decided_as_by_the_way_of_many_rows(
    world: World, served: Served, log: ArrowLog, income: Any, months: Any, job: Any
) -> None:
    given = values(income=income, months=months, job=job)
    log.flush()
    before = len(world.logged())
    told = lone(served).decide(given, "call", 1_790_000_000_000_000, 0)
    log.flush()
    assert len(world.logged()) == before + (told is not None)
    if told is None:
        return
    rows = Rows(1, {name: [value] for name, value in zip(ROW, given, strict=True)}, KINDS)
    quick, slow = lone(served).decided(told), served.decide(rows, "call", world.now, 0.0)
    assert quick.decision_ids != slow.decision_ids
    quick.decision_ids = slow.decision_ids
    assert quick == slow
    log.flush()
    first, second = world.logged()[-2:]
    assert {name: first[name] for name in first.keys() - SPARED} == {n: second[n] for n in second.keys() - SPARED}


def test_the_usual_row_is_plain(served: Served) -> None:
    assert lone(served).decide(values(), "", 1_790_000_000_000_000, 0) is not None


@pytest.mark.parametrize(
    "changed",
    [
        {"job": "astronaut"},
        {"income": 1e15},
        {"income": float("nan")},
        {"income": float("inf")},
        {"months": True},
        {"months": 2**53},
        {"income": "30000"},
        {"job": 7},
    ],
)
def test_what_is_not_plain_is_left_alone_and_nothing_of_it_is_logged(
    world: World, served: Served, log: ArrowLog, changed: dict[str, Any]
) -> None:
    assert lone(served).decide(values(**changed), "", 1_790_000_000_000_000, 0) is None
    log.flush()
    assert world.logged() == []
    assert world.logged(stream=Stream.REFUSALS) == []


def test_a_full_log_leaves_the_row_to_the_way_that_knows_what_then(world: World, served: Served, log: ArrowLog) -> None:
    log.close()
    assert lone(served).decide(values(), "", 1_790_000_000_000_000, 0) is None
    rows = Rows(1, {name: [value] for name, value in ROW.items()}, KINDS)
    with pytest.raises(OSError, match="closed"):
        served.decide(rows, "", world.now, 0.0)


def test_refusals_are_told_and_logged_by_the_way_of_many_rows(world: World, log: ArrowLog, caller: Caller) -> None:
    status, said = caller("POST", "/predict/loans", {**ROW, "job": "astronaut"})[:2]
    assert (status, said["error"]) == (422, "column job, row 0: unknown category")
    log.flush()
    assert [row["guard"] for row in world.logged(stream=Stream.REFUSALS)] == ["schema"]


def test_values_are_taken_of_one_row_whose_datatypes_hold_them(served: Served) -> None:
    import numpy as np

    one = lone(served)
    rows = Rows(1, {name: [value] for name, value in ROW.items()}, KINDS)
    assert one.values_of(rows) == list(ROW.values())
    arrays = Rows(
        1, {"income": np.array([3e4]), "months": np.array([12]), "job": ["clerk"]}, {**KINDS, "income": "FP32"}
    )
    assert one.values_of(arrays) == list(ROW.values())
    assert one.values_of(Rows(2, rows.columns, KINDS)) is None
    assert one.values_of(Rows(1, {**rows.columns, "more": [1]}, KINDS)) is None
    assert one.values_of(Rows(1, rows.columns, {**KINDS, "months": "FP64"})) is None
    assert one.values_of(Rows(1, {"income": [1.0], "months": [2], "trade": ["x"]}, KINDS)) is None


def test_a_client_with_a_rate_has_no_plain_rows(world: World, served: Served) -> None:
    from muster.records.governance.serving import ClientRate

    limited = type(served)(
        served.model, served.encoder, served.guards, served.decisions, served.recorder,
        served.answering, served.use_case, ClientRate(1.0, 1),
    )  # fmt: skip
    assert limited.lone is not None
    assert limited.asked_by(b"key").lone is None
    rows = Rows(1, {name: [value] for name, value in ROW.items()}, KINDS)
    limited.asked_by(b"key").decide(rows, "", world.now, 0.0)
    with pytest.raises(Refused, match="rows a second"):
        limited.asked_by(b"key").decide(rows, "", world.now, 0.0)


def test_a_row_whose_inputs_are_kept_apart_is_logged_whole_or_not_at_all(tmp_path: Path) -> None:
    columns = Column("x", ColumnType.NUMBER), Column("home", ColumnType.NUMBER)
    log = ArrowLog(tmp_path, Rolling(queue_rows=1, linger_s=3_600.0))
    keeping = Recorder(log, Source(Stream.DECISIONS, "loans", "v", "s", columns), LogTerms(personal=("home",)))
    told = "d", "r", 1_000_000, 0.1, True, "approve", (), "", (), 1, 1
    with pytest.raises(OSError, match="full"):
        keeping.lone(told, (1.0, 2.0))
    columns_of = ["d"], ["r"], [0.1], [True], ["approve"], [()], [()], [1]
    with pytest.raises(OSError, match="full"):
        keeping.decided(Rows(1, {"x": [1.0], "home": [2.0]}, {}), columns_of, (1_000_000, "", 1))
    assert log.figures().waiting == 0
    log.close()
