"""Values as people type them, on a command line or in a query, turned into the JSON values that actions take.

What does not fit is passed on as it was typed: the one reading of arguments, in ``perform``, then says what is wrong,
with the same words at every door.
"""

from __future__ import annotations

import contextlib
import dataclasses
import types
import typing
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from muster.records.canonical import parse
from muster.records.codec import stamp

_TRUTH = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}


def plain(hint: Any) -> Any:
    """Return the hint without ``| None``."""
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        kept = [option for option in typing.get_args(hint) if option is not type(None)]
        return kept[0] if len(kept) == 1 else hint
    return hint


def is_sequence(hint: Any) -> bool:
    """Whether a value has several items."""
    return typing.get_origin(plain(hint)) in (tuple, frozenset, list, Sequence)


def item_of(hint: Any) -> Any:
    """Return the hint of one item of a sequence."""
    return plain(typing.get_args(plain(hint))[0])


def is_document(hint: Any) -> bool:
    """Whether a value is too large for one word: a record, a mapping, or a list of such."""
    wanted = plain(hint)
    if is_sequence(wanted):
        return is_document(item_of(wanted))
    return dataclasses.is_dataclass(wanted) or typing.get_origin(wanted) in (dict, Mapping) or wanted is Any


def choices(hint: Any) -> tuple[str, ...]:
    """Return the words allowed for a value, or none if any word is."""
    wanted = plain(hint)
    if is_sequence(wanted):
        return choices(item_of(wanted))
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return tuple(str(member.value) for member in wanted)
    return ()


def value_of(hint: Any, words: Sequence[str]) -> Any:
    """Turn what was typed for one parameter into a JSON value.

    Parameters
    ----------
    hint
        The parameter's type.
    words
        One text, or several where the parameter repeats; commas separate items too.
    """
    wanted = plain(hint)
    if is_document(wanted):
        return _json(words[-1])
    if is_sequence(wanted):
        return [_scalar(item_of(wanted), item.strip()) for word in words for item in word.split(",") if item.strip()]
    return _scalar(wanted, words[-1])


def _scalar(hint: Any, text: str) -> Any:
    if hint is bool:
        return _TRUTH.get(text.lower(), text)
    if hint in (int, float):
        with contextlib.suppress(ValueError):
            return hint(text)
    if hint is datetime:
        with contextlib.suppress(ValueError):
            return _moment(text)
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return next((value for option in typing.get_args(hint) if (value := _scalar(option, text)) != text), text)
    return text


def _moment(text: str) -> str:
    """Read a date or a moment in any ISO 8601 form; without a zone it is UTC."""
    at = datetime.fromisoformat(text)
    return stamp(at if at.tzinfo else at.replace(tzinfo=UTC))


def _json(text: str) -> Any:
    try:
        return parse(text.encode())
    except ValueError:
        return text
