from __future__ import annotations

import io
import math

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.gateway.protocols.tables import PARQUET_BYTES, read_csv, read_parquet
from muster.records.data import Column, ColumnType

COLUMNS = (
    Column("x", ColumnType.NUMBER),
    Column("n", ColumnType.INTEGER, nullable=True),
    Column("c", ColumnType.CATEGORY, categories=("a", "b")),
)


def parquet(table: pa.Table, **options: object) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(table, buffer, **options)
    return buffer.getvalue()


@given(
    st.lists(
        st.tuples(
            st.floats(allow_nan=False, allow_infinity=False),
            st.none() | st.integers(-(2**53), 2**53),
            st.none() | st.text(st.characters(codec="utf-8", exclude_characters="\r\n\x00"), min_size=1, max_size=5),
        ),
        min_size=1,
        max_size=9,
    )
)
def test_what_pandas_writes_as_csv_comes_back(rows: list[tuple[float, int | None, str | None]]) -> None:
    frame = pd.DataFrame(
        {name: pd.Series(values, dtype=object) for name, values in zip("xnc", zip(*rows, strict=True), strict=True)}
    )
    listed, size = read_csv(frame.to_csv(index=False).encode(), COLUMNS, 100)
    assert size == len(rows)
    assert list(zip(listed["x"], listed["n"], listed["c"], strict=True)) == rows


@pytest.mark.parametrize("number", ["67.5", "true", "0x10", "1_000", " 1", "nan", "1e3", "\uff19"])
def test_what_is_written_as_no_whole_number_is_none(number: str) -> None:
    with pytest.raises(ValueError, match="^column n, row 1: not a whole number$"):
        read_csv(f"x,n,c\n1,2.0,a\n1,{number},a\n".encode(), COLUMNS, 100)


@pytest.mark.parametrize("number", ["true", "inf", "nan", "1_0", "0x1", "1,5", "."])
def test_what_is_written_as_no_number_is_none(number: str) -> None:
    with pytest.raises(ValueError, match="^column x, row 0: not a number$"):
        read_csv(f'x,n,c\n"{number}",2,a\n'.encode(), COLUMNS, 100)


@pytest.mark.parametrize(
    "body", [b"", b"x,n,c\n", b"x,x\n1,2\n", b"x,n\n1\n", b'x\n"1', b"\xff\n1\n", b"x\n" + b"1" * 200_000]
)
def test_what_is_no_table_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError):
        read_csv(body, COLUMNS, 100)


def test_rows_are_bounded() -> None:
    with pytest.raises(OverflowError):
        read_csv(b"x\n" + b"1\n" * 11, COLUMNS, 10)
    with pytest.raises(OverflowError):
        read_parquet(parquet(pa.table({"x": np.zeros(11)})), 10, 5)
    with pytest.raises(OverflowError):
        read_parquet(parquet(pa.table({str(n): [1] for n in range(6)})), 10, 5)
    with pytest.raises(OverflowError):
        read_parquet(b"x" * (PARQUET_BYTES + 1), 10, 5)


def test_missing_values_of_a_parquet_file_are_none() -> None:
    table = pa.table(
        {"x": [1.5, math.nan], "n": [1, None], "c": ["a", None], "d": pa.array(["a", "a"]).dictionary_encode()}
    )
    listed, size = read_parquet(parquet(table), 10, 5)
    assert (size, listed) == (2, {"x": [1.5, None], "n": [1, None], "c": ["a", None], "d": ["a", "a"]})


@pytest.mark.parametrize(
    ("table", "options", "words"),
    [
        (pa.table({"x": [[1]]}), {}, "numbers and texts"),
        (pa.table({"x": [b"1"]}), {}, "numbers and texts"),
        (pa.table({"x": pa.array([1], pa.timestamp("s"))}), {}, "numbers and texts"),
        (pa.table({"x": pa.array([], pa.float64())}), {}, "must have rows"),
        (pa.table({"x": [1.0]}), {"compression": "zstd"}, "snappy"),
        (pa.table({"x": [1.0]}), {"compression": "gzip"}, "snappy"),
    ],
)
def test_other_parquet_files_are_refused(table: pa.Table, options: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_parquet(parquet(table, **options), 10, 5)


def test_a_long_text_that_many_rows_repeat_is_held_once() -> None:
    table = pa.table({"c": pa.DictionaryArray.from_arrays([0] * 5_000, ["x" * 100_000])})
    listed, _ = read_parquet(parquet(table), 10_000, 5)
    assert len({id(text) for text in listed["c"]}) == 1


_GOOD = parquet(pa.table({"x": [1.0, 2.0], "c": ["a", "b"]}))


@given(st.lists(st.tuples(st.integers(0, len(_GOOD) - 1), st.integers(0, 255)), max_size=4), st.integers(0, len(_GOOD)))
def test_a_broken_parquet_file_is_an_error_of_the_sender(changes: list[tuple[int, int]], cut: int) -> None:
    body = bytearray(_GOOD)
    for place, byte in changes:
        body[place] = byte
    for content in (bytes(body), bytes(body[:cut])):
        try:
            read_parquet(content, 10, 5)
        except (ValueError, OverflowError):
            continue
