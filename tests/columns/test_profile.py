import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.columns.profile import Profile
from muster.records.canonical import canonical, parse
from muster.records.data import Column, ColumnType

COLUMNS = (
    Column("x", ColumnType.NUMBER),
    Column("k", ColumnType.INTEGER),
    Column("c", ColumnType.CATEGORY, categories=("a", "b")),
)


def rows(size: int, seed: int, shift: float = 0.0) -> pa.Table:
    generator = np.random.default_rng(seed)
    x = generator.normal(shift, 1.0, size)
    x[generator.random(size) < 0.05] = np.nan
    letters = generator.choice(["a", "b", "new"], size, p=[0.6, 0.39, 0.01])
    return pa.table({"x": x, "k": generator.integers(0, 9, size), "c": letters})


REFERENCE = Profile.of(rows(3000, 0), COLUMNS)


def test_counts_add_up_to_the_rows() -> None:
    assert REFERENCE.rows == 3000
    assert [counts.rows for counts in REFERENCE.columns.values()] == [3000] * 3
    assert REFERENCE.columns["x"].nulls > 100
    assert REFERENCE.columns["k"].edges.tolist() == list(range(8))
    assert REFERENCE.columns["c"].categories[:2] == ("a", "b")


def test_counting_the_reference_again_gives_the_same_profile() -> None:
    assert REFERENCE.count(rows(3000, 0)).to_body() == REFERENCE.to_body()


@given(st.integers(0, 300), st.integers(0, 300))
def test_profiles_of_parts_add_up_to_that_of_the_whole(first: int, second: int) -> None:
    one, two = rows(first, 1), rows(second, 2, shift=3.0)
    whole = REFERENCE.count(pa.concat_tables([one, two]))
    merged = REFERENCE.count(one) + REFERENCE.count(two)
    assert merged.to_body() == whole.to_body() == (REFERENCE.count(two) + REFERENCE.count(one)).to_body()


def test_body_survives_the_ledger() -> None:
    body = parse(canonical(REFERENCE.to_body()))
    again = Profile.from_body(body)
    assert again.to_body() == REFERENCE.to_body()
    assert (again + REFERENCE).rows == 6000


def test_body_is_compact() -> None:
    assert len(json.dumps(REFERENCE.to_body())) < 4000


def test_only_the_named_columns_are_counted() -> None:
    assert list(REFERENCE.count(rows(10, 1), ["k"]).columns) == ["k"]


def test_other_bins_and_other_columns_cannot_be_added() -> None:
    with pytest.raises(ValueError, match="column 'x' was counted in different bins"):
        _ = REFERENCE + Profile.of(rows(2000, 5, shift=1.0), COLUMNS)
    with pytest.raises(ValueError, match="different columns .* x is in one of them only"):
        _ = REFERENCE + Profile.of(rows(3000, 0), COLUMNS[1:])


def test_absent_column_is_named() -> None:
    with pytest.raises(ValueError, match="no column 'x'; the columns are k, c"):
        REFERENCE.count(rows(10, 1).drop_columns(["x"]))


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda body: body.update(v=2), "profile of form 2: this muster reads form 1"),
        (lambda body: body.pop("rows"), "not a profile: KeyError"),
        (lambda body: body["columns"]["k"]["counts"].pop(), "'k': 8 counts for 9 bins"),
        (lambda body: body["columns"]["k"].update(nulls=7), "add up to 3007 rows, the profile says 3000"),
        (lambda body: body["columns"]["k"]["edges"].reverse(), "edges must be finite and increase"),
    ],
)
def test_a_body_that_is_no_profile_is_refused(change: Callable[[dict[str, Any]], object], complaint: str) -> None:
    body = json.loads(json.dumps(REFERENCE.to_body()))
    change(body)
    with pytest.raises(ValueError, match=complaint):
        Profile.from_body(body)
