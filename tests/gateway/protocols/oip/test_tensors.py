from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.gateway.caller import jsonb

from muster.gateway.http.limits import LONGEST_ID, Limits
from muster.gateway.protocols.oip.tensors import read_request

LIMITS = Limits(rows=100, columns=3)


def tensor(data: Any, datatype: str = "FP64", shape: Any = None, name: str = "x", **more: Any) -> dict[str, Any]:
    return {"name": name, "datatype": datatype, "shape": shape or [len(data)], "data": data, **more}


def values(*tensors: dict[str, Any], **more: Any) -> dict[str, list[Any]]:
    return dict(read_request(jsonb({"inputs": list(tensors), **more}), LIMITS).rows.columns)


@given(
    st.sampled_from(["FP64", "FP32"]).flatmap(
        lambda kind: st.tuples(
            st.just(kind),
            st.lists(st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)), min_size=1, max_size=9),
        )
    )
    | st.tuples(st.just("INT64"), st.lists(st.one_of(st.none(), st.integers(-(2**60), 2**60)), min_size=1, max_size=9))
    | st.tuples(st.just("BYTES"), st.lists(st.one_of(st.none(), st.text(max_size=5)), min_size=1, max_size=9))
    | st.tuples(st.just("BOOL"), st.lists(st.one_of(st.none(), st.booleans()), min_size=1, max_size=9))
)
def test_flat_and_nested_data_are_read_to_the_same_values(typed: tuple[str, list[Any]]) -> None:
    kind, data = typed
    body = msgspec.json.encode({"inputs": [tensor(data, kind)]})
    rows = read_request(body, LIMITS).rows
    assert rows.columns["x"] == data
    assert rows.datatypes["x"] == kind
    assert rows.size == len(data)
    nested = tensor([[value] for value in data], kind, [len(data), 1])
    assert read_request(msgspec.json.encode({"inputs": [nested]}), LIMITS).rows.columns["x"] == data
    flat = tensor(data, kind, [len(data), 1])
    assert read_request(msgspec.json.encode({"inputs": [flat]}), LIMITS).rows.columns["x"] == data


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"inputs": [tensor([1.0], shape=[1, 2])]}, "shape must be"),
        ({"inputs": [tensor([1.0], shape=[2])]}, "1 values, but the shape says 2"),
        ({"inputs": [tensor([], shape=[0])]}, "n of at least 1"),
        ({"inputs": [tensor([1.0], shape=[-1])]}, "n of at least 1"),
        ({"inputs": [tensor([1.0]), tensor([1.0, 2.0], name="y")]}, "inputs[1]"),
        ({"inputs": [tensor([1.0]), tensor([2.0])]}, "same name"),
        ({"inputs": [tensor([1.0], "BF16")]}, "the datatype is none of"),
        ({"inputs": [tensor([[1.0, 2.0]], shape=[1, 1])]}, "not FP64 values"),
        ({"inputs": [{"name": "x", "datatype": "FP64", "shape": [1]}]}, "no data, neither"),
        ({"inputs": [tensor([1.0], shape="one")]}, "not an inference request"),
        ({"inputs": [tensor([1.0])], "id": "x" * (LONGEST_ID + 1)}, "request id"),
        ({"inputs": [tensor([1.0])], "id": 7}, "not an inference request"),
    ],
)
def test_what_is_no_request_is_an_error_that_says_where(content: Any, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        read_request(jsonb(content), LIMITS)


def test_numbers_that_json_cannot_hold_are_refused() -> None:
    for text in ("NaN", "Infinity", "1e400"):
        with pytest.raises(ValueError, match="not"):
            read_request(b'{"inputs":[{"name":"x","datatype":"FP64","shape":[1],"data":[%s]}]}' % text.encode(), LIMITS)


def test_rows_and_columns_are_bounded() -> None:
    assert values(tensor([1.0] * 100))["x"] == [1.0] * 100
    with pytest.raises(OverflowError, match="101 rows"):
        values(tensor([1.0] * 101))
    with pytest.raises(OverflowError, match="4 tensors"):
        values(*(tensor([1.0], name=str(place)) for place in range(4)))


@given(st.binary(max_size=60))
def test_no_bytes_at_all_lead_to_another_error(content: bytes) -> None:
    with pytest.raises(ValueError, match="the body is not an inference request|inputs"):
        read_request(content, LIMITS)


def test_what_clients_add_is_passed_over() -> None:
    extra = tensor([1.0], parameters={"content_type": "np"})
    assert values(extra, parameters={"binary_data_output": True}, model_name="loans") == {"x": [1.0]}


@pytest.mark.parametrize("place", ["inputs", "parameters", "id"])
def test_nesting_without_end_is_an_error_of_the_sender(place: str) -> None:
    body = b'{"%s":' % place.encode() + b"[" * 100_000 + b"]" * 100_000 + b"}"
    with pytest.raises(ValueError, match="not an inference request"):
        read_request(body, LIMITS)
    data = b'{"inputs":[{"name":"x","datatype":"FP64","shape":[1],"data":' + b"[" * 5000 + b"]" * 5000 + b"}]}"
    with pytest.raises(ValueError, match="nested too deeply"):
        read_request(data, LIMITS)
