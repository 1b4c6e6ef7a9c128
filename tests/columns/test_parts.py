import math

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muster.columns.parts import parts, ranges


@settings(max_examples=50, deadline=None)
@given(rows=st.integers(30, 400), seed=st.integers(0, 2**32))
def test_each_row_is_in_one_part_and_keeps_its_order(rows: int, seed: int) -> None:
    split = parts(pa.table({"id": range(rows)}), (0.5, 0.2, 0.3), seed)
    ids = [part.column("id").to_pylist() for part in split]
    assert sorted(row for part in ids for row in part) == list(range(rows))
    assert all(part == sorted(part) for part in ids)
    assert [abs(len(part) - share * rows) <= 1 for part, share in zip(ids, (0.5, 0.2, 0.3), strict=True)] == [True] * 3


def test_a_seed_decides() -> None:
    table = pa.table({"id": range(100)})
    assert parts(table, (0.5, 0.5), 1)[0].equals(parts(table, (0.5, 0.5), 1)[0])
    assert not parts(table, (0.5, 0.5), 1)[0].equals(parts(table, (0.5, 0.5), 2)[0])


@pytest.mark.parametrize("shares", [(0.5, 0.4), (0.5, 0.5, 0.0), (1.5, -0.5), (0.7, 0.7)])
def test_shares_must_be_shares(shares: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="add up to 1"):
        parts(pa.table({"id": range(100)}), shares, 0)


def test_a_part_without_rows_is_refused() -> None:
    with pytest.raises(ValueError, match="too few"):
        parts(pa.table({"id": [1, 2]}), (0.5, 0.2, 0.3), 0)


def test_ranges_pass_over_what_is_no_number() -> None:
    table = pa.table({"x": [3.0, math.nan, None, -1.0, math.inf], "n": pa.array([5, 2, None, 9, 1]), "e": pa.nulls(5)})
    assert ranges(table, ("x", "n", "e")) == {"x": (-1.0, 3.0), "n": (1.0, 9.0), "e": None}
