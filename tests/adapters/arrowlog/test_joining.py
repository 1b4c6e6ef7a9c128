"""Whatever form a column comes in, the log holds the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muster.adapters.arrowlog.joining import joined
from muster.columns.encoding.coded import Coded
from muster.columns.many.repeated import Repeated

NAMES = ("own", "", "rént", None)

NUMBERS = st.lists(st.one_of(st.none(), st.floats(allow_nan=False)), max_size=5)
WHOLE = st.lists(st.one_of(st.none(), st.integers(1 - 2**53, 2**53 - 1)), max_size=5)
TEXTS = st.lists(st.sampled_from(NAMES), max_size=5)


def as_array(values: list[Any]) -> Any:
    return np.array(values, np.float64)


def as_codes(values: list[Any]) -> Any:
    return Coded(NAMES, np.array([NAMES.index(value) for value in values], np.uint8))


def as_other_codes(values: list[Any]) -> Any:
    return Coded(NAMES[::-1], np.array([NAMES[::-1].index(value) for value in values], np.int32))


FORMS = {
    pa.float64(): (NUMBERS, (list, as_array)),
    pa.int64(): (WHOLE, (list, as_array)),
    pa.string(): (TEXTS, (list, as_codes, as_other_codes)),
}


@settings(deadline=None)  # the first array looks for libraries to convert from
@given(st.data(), st.sampled_from(list(FORMS)))
def test_parts_of_any_form_are_joined_to_what_lists_of_them_are(data: st.DataObject, kind: Any) -> None:
    values, forms = FORMS[kind]
    parts = data.draw(st.lists(st.tuples(values, st.sampled_from(forms)), min_size=1, max_size=5))
    found = joined([form(part) for part, form in parts], kind)
    wanted = pa.array([value for part, _ in parts for value in part], kind)
    assert found.equals(wanted)
    found.validate(full=True)


@pytest.mark.parametrize(
    ("kind", "value"),
    [(pa.string(), "schema=allow"), (pa.int64(), 7), (pa.timestamp("us", "UTC"), 1_795_432_000_000_000)],
)
def test_a_repeated_value_is_there_in_every_row(kind: Any, value: Any) -> None:
    found = joined([Repeated(value, 3), [value], Repeated(value, 1), Repeated(value, 2)], kind)
    assert found.equals(pa.array([value] * 7, kind))


@given(st.lists(st.lists(st.lists(st.text(max_size=3), max_size=2), max_size=3), min_size=1, max_size=3))
def test_lists_in_rows_are_kept(parts: list[list[list[str]]]) -> None:
    kind = pa.list_(pa.string())
    assert joined(parts, kind).equals(pa.array([row for part in parts for row in part], kind))


def test_a_fraction_in_a_column_of_whole_numbers_is_refused() -> None:
    for values in (np.array([1.5, 2.0]), np.array([1.5, np.nan])):
        with pytest.raises(ValueError, match=r"fraction|truncated"):
            joined([values], pa.int64())
