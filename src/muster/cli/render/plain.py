"""Any result: records as rows of name and value, lists of records as a table."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

_DIGEST = re.compile(r"\b(sha256:[0-9a-f]{12})[0-9a-f]{52}\b")
_LONGEST = 100
"""Characters of one table cell; --json has all of them."""

MOST = 1200
"""Characters of one value in rows."""

_NOTHING: tuple[Any, ...] = (None, "", (), {})
"""Values of fields that nobody filled."""

_WIDE = 140
"""Columns of a screen that has room for whole digests."""

_NAMING = frozenset({"digest", "package"})
"""Fields whose digest is what commands are given."""


def render(result: Any, console: Console) -> None:
    """Show any result."""
    if result is None:
        console.print("done")
    elif dataclasses.is_dataclass(result):
        console.print(rows(_fields(result)))
    elif _is_list(result):
        console.print(table(result, console.width) if result else "nothing here yet")
    elif isinstance(result, Mapping):
        console.print(rows(result))
    else:
        console.print(str(result), markup=False)


def rows(fields: Mapping[str, Any]) -> Table:
    """Lay out named values that there are, one a line; records inside are laid out in their turn."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in fields.items():
        if value not in _NOTHING:
            grid.add_row(name.replace("_", " "), _shown(value))
    return grid


def table(records: Sequence[Any], width: int = 0) -> Table:
    """Lay out a list: a column for each field of its records that any of them fills.

    Parameters
    ----------
    width
        Characters of the screen; a wide one shows the digests that name the records whole.
    """
    if not dataclasses.is_dataclass(records[0]):
        grid = Table.grid()
        for record in records:
            grid.add_row(_cell(record))
        return grid
    flat = [_flat(record) for record in records]
    filled = [name for name in flat[0] if any(record.get(name) not in _NOTHING for record in flat)]
    return columns([{name: record.get(name) for name in filled} for record in flat], width)


def columns(lines: Sequence[Mapping[str, Any]], width: int = 0, longest: int = _LONGEST) -> Table:
    """Lay out lines of named values, with a column for each name of the first.

    Parameters
    ----------
    width
        As for :func:`table`.
    longest
        Characters of a cell at the most; what is longer is cut.
    """
    laid = Table(box=None, header_style="bold", pad_edge=False)
    whole = _NAMING if width >= _WIDE else frozenset()
    for name, first in lines[0].items():
        number = isinstance(first, (int, float)) and not isinstance(first, bool)
        title = name.replace("_", " ")
        kept = name in whole or all(_is_digest(line.get(name)) for line in lines)
        laid.add_column(title, overflow="fold", no_wrap=kept, justify="right" if number else "left")
    for line in lines:
        laid.add_row(*(_cell(value, longest, whole=name in whole) for name, value in line.items()))
    return laid


def word(value: Any) -> str:
    """Write one value in a few characters."""
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S} UTC"
    if isinstance(value, (bool, int, float)):
        return _number(value)
    if isinstance(value, Mapping):
        return ", ".join(f"{name}={word(item)}" for name, item in value.items())
    if dataclasses.is_dataclass(value):
        return word(_fields(value))
    if _is_list(value):
        records = any(dataclasses.is_dataclass(item) for item in value)
        return f"{len(value):,}" if records else _joined([word(item) for item in value])
    return "" if value is None else str(value)


def _joined(words: Sequence[str]) -> str:
    """Join by commas; by semicolons where the items have commas of their own."""
    return ("; " if any(", " in word for word in words) else ", ").join(words)


def _number(value: float) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.4g}" if abs(value) < 1e6 else f"{value:,.0f}"


def short(text: str) -> str:
    """Shorten the digests in a text."""
    return _DIGEST.sub(r"\1", text)


def _cell(value: Any, longest: int = _LONGEST, *, whole: bool = False) -> Text:
    text = (word(value) if whole else short(word(value))).replace("\n", " ")
    return Text(text if len(text) <= longest else text[: longest - 1] + "…")


def _is_digest(value: Any) -> bool:
    """Tell whether a value is a digest, which a screen that is too narrow had better not break in two."""
    return isinstance(value, str) and _DIGEST.fullmatch(value) is not None


def _shown(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return rows(_fields(value))
    if _is_list(value) and value and dataclasses.is_dataclass(value[0]):
        return Padding(table(value), (0, 0, 1, 0))
    text = word(value)
    return Text(text if len(text) <= MOST else f"{text[:MOST]} … (--json has all of it)")


def _fields(record: Any) -> dict[str, Any]:
    return {field.name: getattr(record, field.name) for field in dataclasses.fields(record)}


def _flat(record: Any) -> dict[str, Any]:
    """Return the fields of a record, those of a record in its first field in that field's place."""
    fields = _fields(record)
    name, first = next(iter(fields.items()))
    if not dataclasses.is_dataclass(first):
        return fields
    return {**_fields(first), **{other: value for other, value in fields.items() if other != name}}


def _is_list(value: Any) -> bool:
    return isinstance(value, (tuple, list, frozenset))
