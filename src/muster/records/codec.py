"""Records to and from plain JSON values, by their type hints: one reading for ledger, API, releases and dossier."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import Enum
from functools import lru_cache, partial
from typing import Any, TypeVar

T = TypeVar("T")

KINDS: dict[str, type] = {}
"""Every kind of record that the ledger may hold, by its name."""

_NAMES: dict[type, str] = {}

ADDED: Mapping[str, Any] = types.MappingProxyType({"added": True})
"""Metadata of a field that a record got after the first ones of its kind were written, which keep their digests.

Such a field has a default, and is left out of the encoding where it holds that: ``field(default="", metadata=ADDED)``.
"""


def kind(name: str) -> typing.Callable[[type[T]], type[T]]:
    """Register a record class as the body of ledger entries of this kind; a name is used once, for ever."""

    def register(cls: type[T]) -> type[T]:
        if name in KINDS:
            msg = f"ledger kind {name!r} is taken by {KINDS[name].__name__}"
            raise ValueError(msg)
        KINDS[name] = cls
        _NAMES[cls] = name
        return cls

    return register


def kind_of(cls: type) -> str:
    """Return the ledger kind of a record class; raise KeyError if it has none."""
    if cls in _NAMES:
        return _NAMES[cls]
    msg = f"{cls.__name__} is not a kind of ledger entry: mark the class with @kind(...)"
    raise KeyError(msg)


def stamp(at: datetime) -> str:
    """Write a moment as RFC 3339 in UTC with six decimals, so that text order is time order."""
    if at.tzinfo is None:
        msg = f"moment {at} has no time zone: records hold UTC"
        raise ValueError(msg)
    return at.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def moment(text: str) -> datetime:
    """Read what :func:`stamp` wrote, and nothing else."""
    at = datetime.fromisoformat(text)
    if stamp(at) != text:
        msg = f"{text!r} is not a moment in the form 2026-11-23T10:00:00.000000Z"
        raise ValueError(msg)
    return at


def encode(value: Any) -> Any:
    """Turn a record into JSON values; tuples become lists, moments text, enums their value."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = ((field, getattr(value, field.name)) for field in dataclasses.fields(value))
        return {field.name: encode(held) for field, held in fields if not (field.metadata and field.default == held)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, Mapping):
        return {key: encode(item) for key, item in value.items()}
    if isinstance(value, (tuple, list, frozenset)):
        return [encode(item) for item in (sorted(value) if isinstance(value, frozenset) else value)]
    return value


Reader = typing.Callable[[Any, str], Any]
"""Reads a JSON value; its second argument says where it stands."""

_FIELDS: dict[type, tuple[dict[str, tuple[Any, Reader]], frozenset[str]]] = {}


def _fields(cls: type) -> tuple[dict[str, tuple[Any, Reader]], frozenset[str]]:
    """Return how each field of a record is read, and the names of those without a default; worked out once a class.

    Of a field there is the plain type, values of just which are what they should be, and what reads any other value.
    """
    if cls not in _FIELDS:
        hints = typing.get_type_hints(cls)
        fields = dataclasses.fields(cls)
        missing = dataclasses.MISSING
        required = frozenset(f.name for f in fields if f.default is missing and f.default_factory is missing)
        _FIELDS[cls] = ({f.name: (_plain_of(hints[f.name]), _reader(hints[f.name])) for f in fields}, required)
    return _FIELDS[cls]


def _plain_of(hint: Any) -> Any:
    """Return the plain type of a field, also of one that may be empty; None where every value must be read."""
    union = typing.get_origin(hint) in (typing.Union, types.UnionType)
    kept = [option for option in typing.get_args(hint) if option is not type(None)] if union else [hint]
    return kept[0] if len(kept) == 1 and kept[0] in _PLAIN else None


def decode(cls: type[T], value: Any, where: str = "") -> T:
    """Build a record from JSON values; raise ValueError naming a field that is missing, unknown or of a wrong type."""
    where = where or cls.__name__
    if type(value) is not dict and not isinstance(value, Mapping):
        msg = f"{where}: expected an object, got {type(value).__name__}"
        raise ValueError(msg)
    readers, required = _fields(cls)
    if not required <= value.keys() <= readers.keys():
        raise _misshapen(value.keys(), readers, required, where)
    return cls(
        **{
            name: item if type(item) is (read := readers[name])[0] else read[1](item, f"{where}.{name}")
            for name, item in value.items()
        }
    )


def _misshapen(
    names: typing.KeysView[Any], readers: Mapping[str, Any], required: frozenset[str], where: str
) -> ValueError:
    if missing := sorted(required - names):
        return ValueError(f"{where}: missing {', '.join(missing)}")
    unknown = ", ".join(sorted(map(str, names - readers.keys())))
    return ValueError(f"{where}: unknown field {unknown}; known are {', '.join(readers)}")


_PLAIN = frozenset({str, int, float, bool})
"""Values of just these types are what they should be; most are, and gateways read thousands in each release."""


def read_value(hint: Any, value: Any, where: str) -> Any:
    """Read one JSON value as its type hint asks; raise ValueError naming ``where`` it does not fit."""
    if type(value) is hint and hint in _PLAIN:
        return value
    return _reader(hint)(value, where)


@lru_cache(maxsize=1024)
def _reader(hint: Any) -> Reader:
    """Return what reads a value of this type; worked out once a type."""
    origin = typing.get_origin(hint)
    if hint is Any:
        return lambda value, _: value
    if origin in (typing.Union, types.UnionType):
        return partial(_read_union, typing.get_args(hint))
    if origin in (tuple, frozenset):
        return partial(_read_sequence, *_item(hint, 0), origin)
    if origin is not None and issubclass(origin, Mapping):
        return partial(_read_mapping, *_item(hint, 1))
    if dataclasses.is_dataclass(hint):
        return partial(decode, typing.cast("type", hint))
    return partial(_read_scalar, hint)


def _item(hint: Any, place: int) -> tuple[Any, Reader]:
    """Return the type of what is in a list or an object, and what reads it."""
    item = typing.get_args(hint)[place]
    return item, _reader(item)


def _read_union(options: tuple[Any, ...], value: Any, where: str) -> Any:
    if value is None and type(None) in options:
        return None
    kept = [option for option in options if option is not type(None)]
    for option in kept[:-1]:
        try:
            return read_value(option, value, where)
        except ValueError:
            continue
    return read_value(kept[-1], value, where)


def _read_sequence(item: Any, read: Reader, origin: Any, value: Any, where: str) -> Any:
    if not isinstance(value, (list, tuple)):
        msg = f"{where}: expected a list, got {type(value).__name__}"
        raise ValueError(msg)
    if item in _PLAIN and all(type(entry) is item for entry in value):
        return origin(value)
    return origin([read(entry, f"{where}[{place}]") for place, entry in enumerate(value)])


def _read_mapping(item: Any, read: Reader, value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, (dict, Mapping)) or not all(isinstance(key, str) for key in value):
        msg = f"{where}: expected an object with text keys"
        raise ValueError(msg)
    if item in _PLAIN and all(type(entry) is item for entry in value.values()):
        return dict(value)
    return {key: read(entry, f"{where}.{key}") for key, entry in value.items()}


def _read_scalar(hint: Any, value: Any, where: str) -> Any:
    if hint is datetime and isinstance(value, str):
        return moment(value)
    if isinstance(hint, type) and issubclass(hint, Enum):
        try:
            return hint(value)
        except ValueError:
            msg = f"{where}: {value!r} is none of {', '.join(str(member.value) for member in hint)}"
            raise ValueError(msg) from None
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, hint) or (hint is int and isinstance(value, bool)):
        msg = f"{where}: expected {getattr(hint, '__name__', hint)}, got {value!r}"
        raise ValueError(msg)
    return value
