from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.gateway.protocols.oip.binary import FEW, read_binary, write_binary
from muster.gateway.protocols.oip.datatypes import DATATYPES

NUMBERS = [name for name, kind in DATATYPES.items() if kind.binary is not None and name != "BOOL"]


@given(st.sampled_from(NUMBERS), st.sampled_from([1, FEW, FEW + 1, 300]))
def test_numbers_come_back_as_they_were_sent(name: str, count: int) -> None:
    kind = DATATYPES[name]
    values = np.arange(count).astype(kind.binary)
    read = read_binary(memoryview(values.tobytes()), kind, count)
    assert isinstance(read, list) == (count <= FEW)
    assert list(read) == values.tolist()


def test_many_numbers_stay_a_view_of_what_came() -> None:
    sent = np.linspace(0, 1, 1_000).tobytes()
    read = read_binary(memoryview(sent), DATATYPES["FP64"], 1_000)
    assert np.shares_memory(read, np.frombuffer(sent, np.uint8))


def test_not_a_number_is_a_missing_value() -> None:
    few = np.array([1.0, np.nan])
    assert read_binary(memoryview(few.tobytes()), DATATYPES["FP64"], 2) == [1.0, None]
    many = np.full(100, np.nan)
    assert all(map(math.isnan, read_binary(memoryview(many.tobytes()), DATATYPES["FP64"], 100)))


@given(st.lists(st.text(max_size=9), min_size=1, max_size=20))
def test_texts_come_back_as_they_were_sent(texts: list[str]) -> None:
    assert read_binary(memoryview(write_binary(texts, "BYTES")), DATATYPES["BYTES"], len(texts)) == texts


def test_truth_values_are_read() -> None:
    assert read_binary(memoryview(b"\0\1"), DATATYPES["BOOL"], 2) == [False, True]


@given(st.sampled_from(sorted(DATATYPES)), st.binary(max_size=40), st.integers(1, 5))
def test_other_bytes_are_an_error_of_the_sender_or_values(name: str, data: bytes, count: int) -> None:
    try:
        read = read_binary(memoryview(data), DATATYPES[name], count)
    except ValueError:
        return
    assert len(read) == count


@pytest.mark.parametrize("data", [b"", b"\1\0\0\0", b"\xff\xff\xff\xffab", b"\1\0\0\0a\0", b"\1\0\0\0\xff"])
def test_texts_that_do_not_fit_their_lengths_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="binary data"):
        read_binary(memoryview(data), DATATYPES["BYTES"], 1)
