from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.columns.encoder import Encoder
from muster.columns.encoding.coded import Coded
from muster.columns.encoding.values import listed
from muster.columns.plan import Encoding
from muster.guards.values import absent, texts
from muster.records.data import Column, ColumnType

COLUMN = Column("job", ColumnType.CATEGORY, nullable=True, categories=("clerk", "smith"))


def coded(values: list[str | None]) -> Coded:
    names = ("strange", *dict.fromkeys(values))  # a name that no row holds, as slices of files have them
    return Coded(names, np.array([names.index(value) for value in values], np.int32))


@given(st.lists(st.sampled_from(["clerk", "smith", "weaver", None]), max_size=20))
def test_it_says_what_a_list_says(values: list[str | None]) -> None:
    found = coded(values)
    assert found.tolist() == listed(found, "job") == texts(found).tolist() == values
    assert len(found) == len(values)
    assert found[1:].tolist() == values[1:]
    assert [found[row] for row in range(len(values))] == values
    assert absent(found).tolist() == [value is None for value in values]
    assert found.holding({"clerk"}).tolist() == [value == "clerk" for value in values]


@given(st.lists(st.sampled_from(["clerk", "smith", "weaver", None]), min_size=1, max_size=20))
def test_it_is_encoded_as_a_list_is(values: list[str | None]) -> None:
    encoder = Encoder([Encoding(COLUMN, categories=COLUMN.categories, null_place=True)], "unknown")
    assert np.array_equal(encoder.encode({"job": coded(values)}), encoder.encode({"job": values}))


def test_what_the_plan_does_not_know_is_refused_by_row() -> None:
    encoder = Encoder([Encoding(COLUMN, categories=COLUMN.categories)])
    for values in (["clerk", "weaver"], coded(["clerk", "weaver"])):
        with pytest.raises(ValueError, match="^column 'job', row 1: a category that the model was not trained on$"):
            encoder.encode({"job": values})
