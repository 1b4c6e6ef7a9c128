"""Canonical JSON (RFC 8785): one value, one sequence of bytes, so that a digest of JSON means something."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any, Final

LARGEST: Final = 2**53
"""A double holds every integer up to here exactly, and RFC 8785 numbers are doubles (section 3.2.2.3)."""

_LONE_SURROGATE: Final = re.compile(rb"\\u[dD][89a-fA-F]")


def canonical(value: Any) -> bytes:
    """Write a JSON value as RFC 8785 bytes.

    Parameters
    ----------
    value
        Built of mappings with text keys, lists or tuples, text, integers, floats, booleans and None.

    Raises
    ------
    ValueError
        Where JSON could not hold the value: NaN, infinity, an integer beyond 2**53, half a surrogate pair, too deep.
    TypeError
        Where something is of another type, or a key is not text.
    """
    try:
        return _text(value).encode()
    except UnicodeEncodeError as error:
        before = error.object[max(error.start - 20, 0) : error.start]
        msg = f"text cannot be written as UTF-8: half a surrogate pair after {before!r}"
        raise ValueError(msg) from None
    except RecursionError:
        msg = "JSON value is nested too deeply, or contains itself"
        raise ValueError(msg) from None


def parse(raw: bytes) -> Any:
    """Read JSON strictly: UTF-8, no repeated keys, no NaN or infinity, no half surrogate pairs.

    Integers beyond 2**53 are read as the float that RFC 8785 writes so, which keeps ``canonical(parse(raw)) == raw``;
    any other such integer would lose digits and is refused. Raises ValueError saying what is wrong.
    """
    try:
        value = _DECODER.decode(raw.decode())
    except RecursionError:
        msg = "JSON is nested too deeply"
        raise ValueError(msg) from None
    if _LONE_SURROGATE.search(raw):
        canonical(value)
    return value


def digest(raw: bytes) -> str:
    """Return the SHA-256 of bytes in the form in which every record names bytes: ``sha256:HEX``."""
    return f"sha256:{hashlib.sha256(raw).hexdigest()}"


@lru_cache(maxsize=1024)
def _shape(names: tuple[Any, ...]) -> tuple[tuple[str, str], ...]:
    """Return the keys of an object in RFC 8785 order, each with how it is written: records repeat a few shapes."""
    for name in names:
        if not isinstance(name, str):
            msg = f"keys of a JSON object must be text, not {name!r}"
            raise TypeError(msg)
    return tuple((name, encode_basestring(name) + ":") for name in sorted(names, key=_utf16))


def _utf16(key: str) -> bytes:
    """Sort key of RFC 8785, section 3.2.3: UTF-16 code units, which order apart from code points beyond U+D7FF."""
    return key.encode("utf-16-be", "surrogatepass")


def _text(value: Any) -> str:  # one return a JSON type; exact types first, because every entry passes here
    kind = type(value)
    if kind is str:
        return encode_basestring(value)
    if kind is dict:
        fields = _shape(tuple(value))
        return "{" + ",".join([written + _text(value[name]) for name, written in fields]) + "}"
    if kind is float:
        return _number(value)
    if kind is list or kind is tuple:
        return "[" + ",".join([_text(item) for item in value]) + "]"
    if kind is int:
        return _integer(value)
    if value is None:
        return "null"
    if kind is bool:
        return "true" if value else "false"
    return _text(_plain(value))


def _plain(value: Any) -> Any:
    """Turn subclasses (enums, NumPy's float64, read-only mappings) into the plain type that they stand for."""
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (list, tuple)):
        return list(value)
    for number in (int, float):
        if isinstance(value, number):
            return number(value)
    msg = f"JSON has no {type(value).__name__}: {value!r}"
    raise TypeError(msg)


def _integer(value: int) -> str:
    if -LARGEST <= value <= LARGEST:
        return str(value)
    msg = f"integer {value} is beyond 2**53 and would lose digits in JSON: write it as text"
    raise ValueError(msg)


def _number(value: float) -> str:
    """Write a double as ECMAScript does (ECMA-262, Number::toString), whose digits are those of Python's repr."""
    text = repr(value)
    size = abs(value)
    if 1e-4 <= size < 1e16:  # where repr too writes no exponent
        return text.removesuffix(".0")
    if value == 0:
        return "0"
    if not size < float("inf"):
        msg = f"JSON has no number {value}: a figure that could not be computed must be left out or null"
        raise ValueError(msg)
    mantissa, _, exponent = text.partition("e")
    if 1e-6 <= size < 1e21:  # where ECMAScript writes no exponent
        sign = "-" if value < 0 else ""
        whole, _, fraction = mantissa.lstrip("-").partition(".")
        digits, point = whole + fraction, len(whole) + int(exponent)
        return sign + (digits.ljust(point, "0") if point > 0 else "0." + "0" * -point + digits)
    return f"{mantissa}e{int(exponent):+d}"


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        names = [name for name, _ in pairs]
        msg = f"JSON object repeats the key {next(name for name in names if names.count(name) > 1)!r}"
        raise ValueError(msg)
    return fields


def _read_float(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        msg = f"JSON number {text} is beyond what a double holds"
        raise ValueError(msg)
    return value


def _read_integer(text: str) -> int | float:
    if len(text) < 16:  # no integer of 15 digits reaches 2**53
        return int(text)
    value = float(text)
    if abs(value) <= LARGEST and abs(int(text)) <= LARGEST:
        return int(text)
    if _number(value) != text:
        msg = f"JSON integer {text} is beyond 2**53 and would lose digits: it must be written as text"
        raise ValueError(msg)
    return value


def _no_constant(text: str) -> Any:
    msg = f"JSON has no {text}"
    raise ValueError(msg)


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_unique, parse_float=_read_float, parse_int=_read_integer, parse_constant=_no_constant
)
