from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.columns.statistics.grouping import MOST_GROUPS, band_names, by_period, group_by

AGES = pa.table({"AGE": [24, 25, 34, 35, 61, 62, None, 99]})


def test_bands_are_named_as_people_say_them() -> None:
    grouping = group_by(AGES, "AGE", [25, 35, 50, 62])
    assert grouping.names == ("under 25", "25-34", "35-49", "50-61", "62 and over", "unknown")
    assert grouping.codes.tolist() == [0, 1, 1, 2, 3, 4, 5, 4]
    assert grouping.label(1) == "AGE=25-34"
    assert grouping.counts().tolist() == [1, 2, 1, 1, 2, 1]


def test_bands_of_fractions_say_so() -> None:
    assert band_names([0.5, 1.5], whole=False) == ("under 0.5", "0.5 to under 1.5", "1.5 and over")
    assert band_names([1, 2], whole=True) == ("under 1", "1", "2 and over")
    assert group_by(pa.table({"x": [0.2, float("nan")]}), "x", [1, 2]).names[1] == "1 to under 2"


@pytest.mark.parametrize("bands", [[], [30, 30], [30, 20], [float("nan")]])
def test_bands_must_increase(bands: list[float]) -> None:
    with pytest.raises(ValueError, match="bands of AGE must be numbers that increase"):
        group_by(AGES, "AGE", bands)


def test_missing_membership_is_its_own_group_and_nobody_is_dropped() -> None:
    grouping = group_by(pa.table({"race": ["b", None, "a", "unknown", "b"]}), "race")
    assert grouping.names == ("a", "b", "unknown")
    assert grouping.codes.tolist() == [1, 2, 0, 2, 1]


def test_numbers_without_bands_are_sorted_as_numbers() -> None:
    assert group_by(pa.table({"x": [10, 9, 10, None]}), "x").names == ("9", "10", "unknown")


def test_too_many_values_ask_for_bands() -> None:
    table = pa.table({"AGE": list(range(MOST_GROUPS + 1))})
    with pytest.raises(ValueError, match="too many for groups: give bands"):
        group_by(table, "AGE")


def test_group_is_found_by_either_name() -> None:
    grouping = group_by(AGES, "AGE", [25])
    assert grouping.code("under 25") == grouping.code("AGE=under 25") == 0
    with pytest.raises(ValueError, match="AGE has no group 'old'; its groups are under 25"):
        grouping.code("old")


@given(st.lists(st.none() | st.integers(0, 100), min_size=1), st.sets(st.integers(1, 99), min_size=1))
def test_every_row_is_in_exactly_the_band_that_holds_it(ages: list[int | None], limits: set[int]) -> None:
    bands = sorted(limits)
    grouping = group_by(pa.table({"AGE": pa.array(ages, pa.int64())}), "AGE", bands)
    assert grouping.counts().sum() == len(ages)
    for age, code in zip(ages, grouping.codes.tolist(), strict=True):
        assert code == (len(bands) + 1 if age is None else sum(limit <= age for limit in bands))


def test_counts_where() -> None:
    mask = np.asarray([True, False] * 4)
    assert group_by(AGES, "AGE", [50]).counts(mask).tolist() == [2, 1, 1]


def test_dictionaries_are_grouped_like_the_text_that_they_stand_for() -> None:
    texts = ["b", None, "a", "unknown", "b"]
    chunks = pa.chunked_array([pa.array(part).dictionary_encode() for part in (texts[:2], texts[2:])])
    plain, coded = group_by(pa.table({"g": texts}), "g"), group_by(pa.table({"g": chunks}), "g")
    assert coded.names == plain.names == ("a", "b", "unknown")
    assert coded.codes.tolist() == plain.codes.tolist() == [1, 2, 0, 2, 1]


@pytest.mark.parametrize(
    ("unit", "names"),
    [
        ("year", ("2023", "2024")),
        ("quarter", ("2023-Q4", "2024-Q1")),
        ("month", ("2023-12", "2024-01", "2024-02")),
        ("day", ("2023-12-31", "2024-01-01", "2024-02-29")),
    ],
)
def test_periods_of_the_calendar(unit: str, names: tuple[str, ...]) -> None:
    days = [date(2024, 2, 29), date(2023, 12, 31), None, date(2024, 1, 1)]
    for kind in (pa.date32(), pa.timestamp("us")):
        found = by_period(pa.table({"day": pa.array(days).cast(kind)}), "day", unit)
        assert found.names == (*names, "unknown")
        assert found.codes[2] == len(names)
        assert found.codes[1] == 0


def test_periods_may_be_named_already() -> None:
    assert by_period(pa.table({"year": [2016, 2015]}), "year", "month").names == ("2015", "2016", "unknown")
    with pytest.raises(ValueError, match="no period 'week'; there are year, quarter"):
        by_period(pa.table({"year": [2016]}), "year", "week")


def test_values_that_show_late_are_groups_too() -> None:
    late = pa.table({"g": ["a"] * 1500 + ["b", None, "c"], "n": [2] * 1500 + [None, 10, 9]})
    assert group_by(late, "g").names == ("a", "b", "c", "unknown")
    assert group_by(late, "g").counts().tolist() == [1500, 1, 1, 1]
    assert group_by(late, "n").names == ("2", "9", "10", "unknown")
    assert group_by(late, "n").codes[-3:].tolist() == [3, 2, 1]
