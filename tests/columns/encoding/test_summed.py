"""Linear models are summed in one order, whatever the number of rows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from muster.columns.compiler import compile_served, planned
from muster.columns.encoding.summed import Summed
from muster.columns.forms import Linear, Tree, Trees
from muster.columns.plan import Encoding
from muster.records.data import Column, ColumnType
from muster.records.model import DecisionRule, Favourable

NUMBERS = st.floats(-1e12, 1e12)
RULE = DecisionRule(0.5, Favourable.BELOW)


@given(st.data(), st.integers(0, 40), st.integers(1, 40))
def test_a_row_has_the_same_bits_alone_and_among_others(data: st.DataObject, width: int, rows: int) -> None:
    weights = data.draw(arrays(np.float64, (width,), elements=NUMBERS))
    matrix = data.draw(arrays(np.float64, (rows, width), elements=NUMBERS))
    summed = Summed(weights, data.draw(NUMBERS))
    together = summed.margins(matrix)
    assert together.shape == (rows, 1)
    alone = np.array([[summed.margin(row)] for row in matrix.tolist()])
    assert together.tobytes() == alone.tobytes()
    assert summed.margins(np.asfortranarray(matrix)).tobytes() == alone.tobytes()


@pytest.mark.parametrize("rows", [2, 7, 8, 9, 129, 5_000])
def test_many_rows_are_added_column_by_column(rows: int) -> None:
    chance = np.random.default_rng(rows)
    matrix, weights = (
        chance.normal(size=(rows, 131)) * 10.0 ** chance.integers(-9, 9, (rows, 131)),
        chance.normal(size=131),
    )
    summed = Summed(weights, 0.1)
    assert summed.margins(matrix)[:, 0].tolist() == [summed.margin(row) for row in matrix.tolist()]


def _encodings(width: int) -> tuple[Encoding, ...]:
    return tuple(Encoding(Column(f"c{place}", ColumnType.NUMBER)) for place in range(width))


def _served(form: Linear | Trees, width: int = 3) -> bytes:
    encodings = _encodings(width)
    return compile_served(planned("sha256:" + "0" * 64, "given", encodings, form, RULE), form)


def test_what_the_compiler_writes_of_a_linear_model_is_read() -> None:
    weights = np.array([0.1, -2.5, 1e-9])
    summed = Summed.read(_served(Linear(weights, 0.7)))
    assert summed is not None
    assert summed.width == 3
    assert summed.margin([1.0, 0.0, 0.0]) == 0.1 + 0.7
    assert summed.margin([0.0, 1.0, 0.0]) == -2.5 + 0.7


def test_any_other_model_is_left_to_the_runtime() -> None:
    leaf = Tree(*(np.array([value]) for value in (0, 0.0, False, 0, 0, True, 0.25)))  # type: ignore[arg-type]
    assert Summed.read(_served(Trees(0.0, (leaf,)))) is None


def test_what_is_no_whole_file_of_a_linear_model_is_left_to_the_runtime() -> None:
    whole = _served(Linear(np.array([0.1, -2.5, 1e-9]), 0.7))
    assert Summed.read(b"") is None
    assert all(Summed.read(whole[:end]) is None for end in range(0, whole.index(b"intercept") + 8, 7))
    assert Summed.read(whole.replace(b"Add", b"Sub")) is None
    assert Summed.read(whole.replace(b"MatMul", b"MatMax")) is None
    assert Summed.read(whole.replace(b"product", b"protuct", 1)) is None
