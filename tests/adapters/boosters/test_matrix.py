"""The matrix that boosted trees read: what its encodings say comes back from their bytes, and misfits are named."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.adapters.boosters.matrix import encoded, encodings_of, from_bytes, plain_numbers, to_bytes, widened
from muster.columns.encoder import Encoder
from muster.columns.encoding.sets import Sets
from muster.columns.encoding.steps import Place, Step, run
from muster.columns.plan import Encoding
from muster.records.data import Column, ColumnType

COLUMNS = (
    Column("income", ColumnType.NUMBER, nullable=True),
    Column("job", ColumnType.CATEGORY, nullable=True, categories=("clerk", "nurse")),
)
NUMBERS = (Column("b", ColumnType.NUMBER), Column("a", ColumnType.INTEGER))


def test_numbers_stay_and_categories_get_a_place_each() -> None:
    rows = {"income": [1.5, None, 2.0, 3.0], "job": ["nurse", "clerk", None, "pilot"]}
    wanted = [[1.5, 0, 1, 0], [np.nan, 1, 0, 0], [2.0, 0, 0, 1], [3.0, 0, 0, 0]]
    assert np.array_equal(encoded(encodings_of(COLUMNS), rows), wanted, equal_nan=True)


def test_encodings_come_back_from_their_bytes() -> None:
    made = encodings_of(COLUMNS)
    assert from_bytes(to_bytes(made), COLUMNS) == made


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"[]", "no object with format 1"),
        (b'{"format":2,"encodings":[]}', "no object with format 1"),
        (to_bytes(encodings_of(COLUMNS[:1])), "encodes income; declared as inputs are income, job"),
        (to_bytes(encodings_of((COLUMNS[0], Column("job", ColumnType.NUMBER)))), "another type .* for job"),
    ],
)
def test_encodings_of_other_columns_are_refused(raw: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        from_bytes(raw, COLUMNS)


def test_plain_numbers_are_read_in_the_models_order() -> None:
    assert [e.column.name for e in plain_numbers(NUMBERS, ("a", "b"), 2)] == ["a", "b"]
    assert [e.column.name for e in plain_numbers(NUMBERS, (), 2)] == ["b", "a"]


def test_columns_that_the_model_does_not_read_are_named() -> None:
    with pytest.raises(ValueError, match="job hold text and the model reads numbers"):
        plain_numbers(COLUMNS, (), 2)
    with pytest.raises(ValueError, match="the model reads a, c; declared as inputs are b, a"):
        plain_numbers(NUMBERS, ("a", "c"), 2)
    with pytest.raises(ValueError, match="the model reads 3 columns, 2 are declared"):
        plain_numbers(NUMBERS, (), 3)


PLAIN = (
    Encoding(Column("code", ColumnType.INTEGER, nullable=True)),
    Encoding(Column("home", ColumnType.CATEGORY, nullable=True), categories=("own", "rent")),
    Encoding(Column("job", ColumnType.CATEGORY, nullable=True), categories=("clerk",), null_place=True),
    Encoding(Column("debt", ColumnType.NUMBER, nullable=True), fill=1.5, mean=0.3, scale=0.7),
)
ROWS = st.lists(
    st.tuples(
        st.none() | st.integers(-3, 12),
        st.sampled_from([None, "own", "rent", "other"]),
        st.sampled_from([None, "clerk", "pilot"]),
        st.none() | st.floats(-1e6, 1e6),
    ),
    min_size=1,
    max_size=6,
)
SETS = st.lists(
    st.tuples(st.sampled_from([0, 5]), st.frozensets(st.integers(0, 9), max_size=5), st.booleans()), max_size=4
)


@given(ROWS, SETS)
def test_the_matrix_stays_and_the_sets_come_behind_it(rows: list[tuple[object, ...]], asked: object) -> None:
    sets = Sets(6)
    for column, right, others in asked:  # type: ignore[attr-defined]
        assert sets.asked(column, (Step("floor"),), right, others_right=others) >= 6
    given_ = dict(zip(("code", "home", "job", "debt"), map(list, zip(*rows, strict=True)), strict=True))
    plain = Encoder(PLAIN, "unknown").encode(given_)
    wide = Encoder(widened(PLAIN, sets.extras), "unknown").encode(given_)
    assert np.ascontiguousarray(wide[:, :6]).tobytes() == plain.tobytes()
    for place, (column, steps) in enumerate(sets.extras):
        made = plain[:, column]
        for step in steps:
            made = run(step, made)
        assert np.array_equal(wide[:, 6 + place], made, equal_nan=True)


def test_places_of_ones_own_are_refused() -> None:
    own = (Encoding(Column("x", ColumnType.NUMBER), places=(Place(0),)),)
    with pytest.raises(ValueError, match="x is encoded by places already"):
        widened(own, [(0, (Step("floor"),))])
    assert widened(own, ()) == own
