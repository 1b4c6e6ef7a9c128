"""Parameters of controls, read with clear errors: they are written by hand, in YAML."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any


def text(parameters: Mapping[str, Any], name: str, default: str = "") -> str:
    """Return a text parameter; raise ValueError if it is something else."""
    value = parameters.get(name, default)
    if not isinstance(value, str):
        msg = f"parameter {name} must be text, got {value!r}"
        raise ValueError(msg)
    return value


def whole(parameters: Mapping[str, Any], name: str, default: int, *, least: int = 1) -> int:
    """Return a whole-number parameter of at least ``least``; raise ValueError if it is something else."""
    value = parameters.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        msg = f"parameter {name} must be a whole number of at least {least}, got {value!r}"
        raise ValueError(msg)
    return value


def number(parameters: Mapping[str, Any], name: str, default: float, *, least: float, most: float) -> float:
    """Return a number parameter from ``least`` to ``most``; raise ValueError if it is something else."""
    value = parameters.get(name, default)
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not least <= value <= most:
        msg = f"parameter {name} must be a number from {least:g} to {most:g}, got {value!r}"
        raise ValueError(msg)
    return float(value)


def optional_names(parameters: Mapping[str, Any], name: str, default: Sequence[str] = ()) -> tuple[str, ...]:
    """Return a parameter that is a list of names, or the default where it is not given; see :func:`names`."""
    return names(parameters, name) if name in parameters else tuple(default)


def amount(parameters: Mapping[str, Any], name: str, default: float | None = None) -> float:
    """Return any finite number; raise ValueError if it is something else, or absent without a default."""
    value = parameters.get(name, default)
    if not _is_number(value):
        msg = f"parameter {name} must be a number, got {value!r}"
        raise ValueError(msg)
    return float(value)


def numbers(
    parameters: Mapping[str, Any], name: str, default: Sequence[float], *, least: float, most: float
) -> tuple[float, ...]:
    """Return a list of numbers from ``least`` to ``most``, sorted, without repeats; raise ValueError if it is not."""
    value = parameters.get(name, default)
    if not _is_list(value) or not value or not all(_is_number(item) and least <= item <= most for item in value):
        msg = f"parameter {name} must be a list of numbers from {least:g} to {most:g}, got {value!r}"
        raise ValueError(msg)
    return tuple(sorted({float(item) for item in value}))


def choice(parameters: Mapping[str, Any], name: str, known: Sequence[str]) -> str:
    """Return one of the known words, the first by default; raise ValueError if it is another."""
    value = text(parameters, name, known[0])
    if value not in known:
        msg = f"parameter {name} must be one of {', '.join(known)}, got {value!r}"
        raise ValueError(msg)
    return value


def names(parameters: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Return a parameter that is a list of names, without repeats; raise ValueError if it is anything else."""
    value = parameters.get(name)
    if not _is_list(value) or not value or not all(isinstance(item, str) and item for item in value):
        msg = f"parameter {name} must be a list of names, got {value!r}"
        raise ValueError(msg)
    return tuple(dict.fromkeys(value))


def bands(parameters: Mapping[str, Any], attribute: str) -> tuple[float, ...] | None:
    """Return the bands of an attribute, given as a list or as ``{ATTRIBUTE: list}``; None if there are none."""
    value = parameters.get("bands")
    if isinstance(value, Mapping):
        value = value.get(attribute)
    if value is None:
        return None
    if not _is_list(value) or not all(isinstance(item, (int, float)) and not isinstance(item, bool) for item in value):
        msg = f"parameter bands must be a list of numbers, or {{{attribute}: list}}, got {value!r}"
        raise ValueError(msg)
    return tuple(float(item) for item in value)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)
