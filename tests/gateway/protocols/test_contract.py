from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.gateway.papers.written import COLUMNS

from muster.gateway.protocols.contract import Contract
from muster.records.data import Column, ColumnType

CONTRACT = Contract(COLUMNS)
ROW = {"income": 1.5, "months": None, "job": "clerk"}


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "income": st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53),
                "months": st.none() | st.integers(-(2**53), 2**53),
                "job": st.text(max_size=5),
            }
        ),
        min_size=1,
        max_size=5,
    )
)
def test_rows_come_out_as_they_went_in(rows: list[dict[str, object]]) -> None:
    for asked, body in ((rows, {"rows": rows}), (rows[:1], rows[0])):
        read = CONTRACT.read(json.dumps(body).encode(), "call-7", 100)
        assert [
            dict(zip(read.rows.columns, row, strict=True)) for row in zip(*read.rows.columns.values(), strict=True)
        ] == asked
        assert (read.id, read.several, read.rows.size) == ("call-7", body != rows[0], len(asked))
        assert read.rows.datatypes == {"income": "FP64", "months": "INT64", "job": "BYTES"}


def test_a_whole_number_stays_one_in_a_column_of_numbers() -> None:
    large = CONTRACT.read(json.dumps({**ROW, "income": 2**53 + 1}).encode(), "", 1).rows.columns["income"]
    assert large == [2**53 + 1]


def test_what_is_not_as_the_contract_says_is_read_with_the_datatypes_that_it_has() -> None:
    read = CONTRACT.read(b'{"income": "67", "months": 67.0, "job": true, "age": 40}', "", 1).rows
    assert read.datatypes == {"income": "BYTES", "months": "FP64", "job": "BOOL", "age": "INT64"}


@pytest.mark.parametrize("names", [("rows", "x"), ("class", "a b"), ("ä", "c0"), ("", "__init__")])
def test_columns_may_have_any_name(names: tuple[str, str]) -> None:
    contract = Contract(tuple(Column(name, ColumnType.NUMBER) for name in names))
    row = dict.fromkeys(names, 1.5)
    assert contract.read(json.dumps(row).encode(), "", 9).rows.columns == {name: [1.5] for name in names}
    assert contract.read(json.dumps({"rows": [row, row]}).encode(), "", 9).rows.size == 2
