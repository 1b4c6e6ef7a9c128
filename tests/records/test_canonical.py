"""Vectors: RFC 8785, appendix B (numbers) and sections 3.2.2 and 3.2.3 (strings, order of keys)."""

import json
import math
import struct
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.records.canonical import canonical, digest, parse

NUMBERS = {
    "0000000000000000": "0",
    "8000000000000000": "0",
    "0000000000000001": "5e-324",
    "8000000000000001": "-5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308",
    "ffefffffffffffff": "-1.7976931348623157e+308",
    "4340000000000000": "9007199254740992",
    "c340000000000000": "-9007199254740992",
    "4430000000000000": "295147905179352830000",
    "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23",
    "44b52d02c7e14af7": "1.0000000000000001e+23",
    "444b1ae4d6e2ef4e": "999999999999999700000",
    "444b1ae4d6e2ef4f": "999999999999999900000",
    "444b1ae4d6e2ef50": "1e+21",
    "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": "0.000001",
    "41b3de4355555553": "333333333.3333332",
    "41b3de4355555554": "333333333.33333325",
    "41b3de4355555555": "333333333.3333333",
    "41b3de4355555556": "333333333.3333334",
    "41b3de4355555557": "333333333.33333343",
    "becbf647612f3696": "-0.0000033333333333333333",
    "43143ff3c1cb0959": "1424953923781206.2",
}


@pytest.mark.parametrize(("bits", "text"), NUMBERS.items())
def test_numbers_are_written_as_ecmascript_writes_them(bits: str, text: str) -> None:
    number = struct.unpack(">d", bytes.fromhex(bits))[0]
    assert canonical(number) == text.encode()
    assert canonical(parse(text.encode())) == text.encode()


def test_strings_are_escaped_as_little_as_json_allows() -> None:
    value = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/",
        "literals": [None, True, False],
    }
    expected = (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )
    assert canonical(value) == expected.encode()


def test_keys_stand_in_the_order_of_their_utf16_units() -> None:
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    written = canonical(dict.fromkeys(keys, 0))
    order = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert list(json.loads(written)) == order


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=20,
)


@given(JSON)
def test_what_is_written_is_read_back_and_written_the_same(value: Any) -> None:
    written = canonical(value)
    again = parse(written)
    assert again == value
    assert canonical(again) == written
    assert json.loads(written, parse_int=float) == value, "a reader that has doubles only sees the same"


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_comes_back_to_the_last_bit(number: float) -> None:
    assert float(canonical(number)) == number


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 9), min_size=2, max_size=6))
def test_the_order_in_which_keys_were_set_does_not_matter(value: dict[str, int]) -> None:
    assert canonical(dict(reversed(value.items()))) == canonical(value)


def test_subclasses_are_written_as_what_they_stand_for() -> None:
    class Colour(StrEnum):
        RED = "red"

    class Size(IntEnum):
        BIG = 3

    value = {"a": Colour.RED, "b": Size.BIG, "c": np.float64(0.5), "d": MappingProxyType({"e": (1, 2)}), Colour.RED: 1}
    assert canonical(value) == b'{"a":"red","b":3,"c":0.5,"d":{"e":[1,2]},"red":1}'


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (math.nan, "no number nan"),
        ([math.inf], "no number inf"),
        (2**53 + 1, "beyond 2"),
        (-(2**53) - 1, "beyond 2"),
        ("half \ud800", "half a surrogate pair after .*half "),
        ({"\udc00": 1}, "half a surrogate pair"),
    ],
)
def test_what_json_cannot_hold_is_refused(value: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        canonical(value)


@pytest.mark.parametrize("value", [{1: 2}, {"a": {None: 1}}, {1, 2}, b"bytes", object(), np.int64(3), np.zeros(2)])
def test_other_types_are_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="JSON"):
        canonical(value)


def test_a_value_that_contains_itself_is_refused() -> None:
    value: list[Any] = []
    value.append(value)
    with pytest.raises(ValueError, match="contains itself"):
        canonical(value)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b'{"a":1,"b":2,"a":3}', "repeats the key 'a'"),
        (b'{"x":[{"a":1,"\\u0061":2}]}', "repeats the key 'a'"),
        (b"NaN", "no NaN"),
        (b"[-Infinity]", "no -Infinity"),
        (b"1e999", "beyond what a double holds"),
        (b"9007199254740993", "beyond 2"),
        (b"1" * 400, "no number inf"),
        (b'"\\ud800"', "half a surrogate pair"),
        (b"[" * 100_000, "nested too deeply"),
        (b'"\xff"', "utf-8"),
        (b"\xef\xbb\xbf1", "Expecting value"),
        (b"", "Expecting value"),
        (b"1 2", "Extra data"),
        (b'"a\nb"', "control character"),
        (b"01", "Extra data"),
    ],
)
def test_loose_json_is_refused(raw: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse(raw)


@given(st.binary(max_size=40) | st.text(alphabet='{}[]",:\\u0123456789.eE+-truefalsn ').map(str.encode))
def test_any_bytes_are_read_or_refused_with_a_value_error(raw: bytes) -> None:
    try:
        value = parse(raw)
    except ValueError:
        return
    assert parse(canonical(value)) == value


def test_escaped_surrogate_pairs_are_read() -> None:
    assert parse(b'"\\ud83d\\ude00"') == "\U0001f600"


def test_a_digest_names_its_algorithm() -> None:
    assert digest(b"") == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
