import numpy as np
import pyarrow as pa
import pytest

from muster.columns.statistics.grouping import Grouping, group_by
from muster.columns.statistics.parity.crossing import cross

TABLE = pa.table({"sex": ["f", "m", "f", "f", None, "m"], "age": [20, 30, 70, 20, 30, None], "x": [1, 1, 1, 1, 1, 2]})


def test_combinations_that_somebody_has_are_groups() -> None:
    crossed = cross([group_by(TABLE, "sex"), group_by(TABLE, "age", [25, 62])])
    assert crossed.attribute == "sex x age"
    assert crossed.names == ("f x under 25", "f x 62 and over", "m x 25-61", "unknown")
    assert crossed.codes.tolist() == [0, 2, 1, 0, 3, 3], "a missing part makes the whole unknown"
    assert crossed.label(1) == "sex x age=f x 62 and over"


def test_one_attribute_stays_as_it_is() -> None:
    alone = group_by(TABLE, "sex")
    assert cross([alone]) is alone


def test_three_attributes_and_no_rows() -> None:
    parts = [group_by(TABLE, "sex"), group_by(TABLE, "age", [25]), group_by(TABLE, "x")]
    crossed = cross(parts)
    assert crossed.names == ("f x under 25 x 1", "f x 25 and over x 1", "m x 25 and over x 1", "unknown")
    assert crossed.counts().tolist() == [2, 1, 1, 2]
    empty = cross([group_by(TABLE.slice(0, 0), "sex"), group_by(TABLE.slice(0, 0), "age", [25])])
    assert (empty.names, empty.codes.size) == (("unknown",), 0)


def test_nobody_is_lost_or_counted_twice() -> None:
    generator = np.random.default_rng(0)
    columns = {name: generator.choice(["a", "b", "c", None], 300, p=[0.5, 0.3, 0.1, 0.1]) for name in "xyz"}
    table = pa.table(columns)
    crossed = cross([group_by(table, name) for name in columns])
    for row, names in enumerate(zip(*(table[name].to_pylist() for name in columns), strict=True)):
        expected = "unknown" if None in names else " x ".join(names)
        assert crossed.names[crossed.codes[row]] == expected


def test_too_many_groups_are_refused() -> None:
    codes = np.arange(50, dtype=np.int32)
    fifty = tuple(str(code) for code in range(50))
    left = Grouping("x", np.repeat(codes, 50), (*fifty, "unknown"))
    right = Grouping("y", np.tile(codes, 50), (*fifty, "unknown"))
    with pytest.raises(ValueError, match="x x y gives 2500 groups, more than 2000: give bands"):
        cross([left, right])


def test_very_many_possible_combinations_are_searched_not_tabled() -> None:
    generator = np.random.default_rng(2)
    names = (*(str(place) for place in range(1200)), "unknown")
    codes = generator.integers(0, 1201, (2, 300)).astype(np.int32)
    codes[:, 0] = 1200
    crossed = cross([Grouping("a", codes[0], names), Grouping("b", codes[1], names)])
    for row, (first, second) in enumerate(codes.T.tolist()):
        expected = "unknown" if 1200 in (first, second) else f"{first} x {second}"
        assert crossed.names[crossed.codes[row]] == expected
