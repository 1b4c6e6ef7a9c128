"""Canonical JSON (RFC 8785), base64 in its one form, and digests: the same value is always the same bytes."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any


def need(holds: object, otherwise: str) -> None:
    """Raise ValueError with this text unless it holds."""
    if not holds:
        raise ValueError(otherwise)


def b64(text: str) -> bytes:
    """Decode base64 that is in its one canonical form."""
    raw = base64.b64decode(text, validate=True)
    need(base64.b64encode(raw).decode() == text, "base64 is not in canonical form")
    return raw


def digest(raw: bytes) -> str:
    """Name bytes by their SHA-256."""
    return "sha256:" + hashlib.sha256(raw).hexdigest()


def read(raw: bytes) -> Any:
    """Read JSON whose objects repeat no key."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        need(len(dict(pairs)) == len(pairs), "a JSON object repeats a key")
        return dict(pairs)

    return json.loads(raw.decode(), object_pairs_hook=unique)


def parse(raw: bytes) -> Any:
    """Read JSON that is in canonical form to the byte."""
    value = read(raw)
    need(canonical(value) == raw, "JSON is not in canonical form")
    return value


def canonical(value: Any) -> bytes:
    """Write a JSON value in canonical form."""
    return _text(value).encode()


def _text(value: Any) -> str:
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{_text(name)}:{_text(value[name])}" for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_text, value)) + "]"
    if isinstance(value, float):
        return _number(value)
    return json.dumps(value, ensure_ascii=False)


def _number(value: float) -> str:
    """Write a double as ECMAScript does; its digits are those of repr."""
    need(abs(value) < float("inf"), "JSON holds no such number")
    sign, (mantissa, _, exponent) = "-" * (value < 0), repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction.removesuffix("0" * (fraction == "0"))).lstrip("0") or "0"
    if digits == "0":
        return "0"
    point = (len(whole) if whole != "0" else len(digits) - len(fraction)) + int(exponent or 0)
    if len(digits) <= point <= 21:
        return sign + digits.ljust(point, "0")
    if 0 < point <= 21:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    return f"{sign}{digits[0]}{'.' * (len(digits) > 1)}{digits[1:]}e{point - 1:+d}"
