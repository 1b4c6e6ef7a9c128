from __future__ import annotations

import numpy as np
import pytest
from tests.gateway.caller import Caller
from tests.gateway.papers.written import COLUMNS as PAPERS
from tests.gateway.protocols.oip.asking import answered, asked
from tests.gateway.world import World

from muster.adapters.arrowlog.writer import ArrowLog
from muster.gateway.app import Gateway
from muster.gateway.protocols.oip.joined import split
from muster.records.data import Column, ColumnType

COLUMNS = (Column("x", ColumnType.NUMBER), Column("n", ColumnType.INTEGER, nullable=True))


def test_a_tensor_is_taken_apart_by_column() -> None:
    rows = split([1.5, 2.0, None, None], "FP64", 2, COLUMNS)
    assert rows.columns == {"x": [1.5, None], "n": [2, None]}
    assert rows.datatypes == {"x": "FP64", "n": "INT64"}
    assert type(rows.columns["n"][0]) is int
    assert split([1, 2], "INT32", 1, COLUMNS).datatypes == {"x": "INT32", "n": "INT32"}


def test_arrays_are_taken_apart_without_a_copy_of_the_numbers() -> None:
    sent = np.arange(200.0)
    rows = split(sent, "FP64", 100, COLUMNS)
    assert np.shares_memory(rows.columns["x"], sent)
    assert rows.columns["n"].dtype == np.int64
    sent[1] = np.nan
    assert np.isnan(split(sent, "FP64", 100, COLUMNS).columns["n"][0])


@pytest.mark.parametrize("values", [[1.0, 67.5], np.tile([1.0, 67.5], 60)])
def test_a_fraction_is_no_whole_number(values: object) -> None:
    with pytest.raises(ValueError, match="column n, row 0: expected a whole number"):
        split(values, "FP64", 1, COLUMNS)


def test_texts_cannot_be_joined_with_numbers() -> None:
    with pytest.raises(ValueError, match="one tensor a column"):
        split([1.0, 2.0], "FP64", 1, (*COLUMNS[:1], Column("c", ColumnType.CATEGORY, categories=("a",))))


def numeric(world: World, log: ArrowLog) -> Caller:
    world.order(world.release(columns=PAPERS[:2]))
    return Caller(Gateway(world.admissions(log).refresh(), lambda: world.now, print), [])


@pytest.mark.parametrize("size", [2, 500])
@pytest.mark.parametrize("binary", [True, False])
def test_one_tensor_of_all_columns_is_taken_of_models_of_numbers(
    world: World, log: ArrowLog, size: int, binary: bool
) -> None:
    caller = numeric(world, log)
    income, months = np.linspace(0, 9e4, size), np.arange(size) % 480
    apart = {"income": ("FP64", income), "months": ("INT64", months)}
    joined = {"input-0": ("FP64", np.column_stack([income, months]))}
    wanted = answered(caller, *asked(apart)).as_numpy("score").tolist()
    assert answered(caller, *asked(joined, binary=binary)).as_numpy("score").tolist() == wanted
    log.flush()
    logged = [row["input.months"] for row in world.logged()]
    assert logged[size:] == logged[:size] == months.tolist()


def test_joined_tensors_are_not_cast(world: World, log: ArrowLog, caller: Caller) -> None:
    other = numeric(world, log)
    tensor = {"name": "x", "datatype": "FP64", "shape": [1, 2], "data": [[1.0, 67.5]]}
    status, answer = other.infer({"inputs": [tensor]})
    assert (status, answer) == (400, {"error": "inputs[0], column months, row 0: expected a whole number"})
    tensor |= {"datatype": "BOOL", "data": [[True, False]]}
    assert other.infer({"inputs": [tensor]})[0] == 422
    tensor |= {"datatype": "FP64", "shape": [1, 3], "data": [[1.0, 2.0, 3.0]]}
    assert "one tensor a column" in caller.infer({"inputs": [tensor]})[1]["error"]
