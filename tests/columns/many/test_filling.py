"""Many plain rows get the very bits that the encoder's long way gives them, and odd ones its very words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.columns.many.columns import COLUMNS, ENCODINGS, PLACED, rows

from muster.columns.encoder import Encoder, Unknown
from muster.columns.many.dense import Typed, layout_of
from muster.columns.plan import Encoding
from muster.records.data import Column, ColumnType


def made(encoder: Encoder, columns: Any) -> tuple[Any, ...] | str:
    try:
        matrix = encoder.encode(columns)
    except ValueError as error:
        return str(error)
    return matrix.tobytes(), matrix.shape, matrix.flags.c_contiguous


@given(rows(), st.sampled_from(["refuse", "unknown"]), st.sampled_from([ENCODINGS, PLACED]))
def test_arrays_give_the_bits_and_the_errors_that_lists_give(
    values: dict[str, list[Any]], unknown: Unknown, encodings: tuple[Encoding, ...]
) -> None:
    encoder = Encoder(encodings, unknown)
    typed = Typed(layout_of(COLUMNS), [values[column.name] for column in COLUMNS])
    assert made(encoder, typed) == made(encoder, values)


@pytest.mark.parametrize("encodings", [ENCODINGS, PLACED])
def test_the_short_way_is_taken(encodings: tuple[Encoding, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = Encoder(encodings)
    plain = {"income": 2, "home": "own", "debt": None, "years": 3, "job": None, "sort": "a", "age": 30}
    typed = Typed(layout_of(COLUMNS), [[plain[column.name]] * 40 for column in COLUMNS])
    wanted = made(encoder, dict(typed))
    monkeypatch.setattr(Encoder, "_found", None)
    assert made(encoder, typed) == wanted


def test_a_scale_that_could_overflow_goes_the_long_way() -> None:
    column = Column("x", ColumnType.NUMBER)
    encoder = Encoder((Encoding(column, scale=1e-300),))
    assert made(encoder, Typed(layout_of((column,)), [[1e12] * 40])) == made(encoder, {"x": [1e12] * 40})
    assert made(encoder, Typed(layout_of((column,)), [[1.0] * 40])) == made(encoder, {"x": [1.0] * 40})
