"""What boosted trees read: columns as numbers and one-hot places, in an order that is kept beside the model."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from muster.columns.encoder import Encoder
from muster.columns.encoding.placed import picked
from muster.columns.encoding.sets import Extra
from muster.columns.encoding.steps import Place, Step
from muster.columns.plan import Encoding
from muster.records.canonical import canonical, parse
from muster.records.codec import decode, encode
from muster.records.data import Column, ColumnType

FORMAT: Final = 1
"""Version of the file's JSON; a reader refuses any other."""


def encodings_of(columns: Sequence[Column]) -> tuple[Encoding, ...]:
    """Return how columns become a matrix: numbers as they are, null as NaN, and a place for each category."""
    return tuple(
        Encoding(column, categories=column.categories, null_place=column.nullable)
        if column.type is ColumnType.CATEGORY
        else Encoding(column)
        for column in columns
    )


def plain_numbers(columns: Sequence[Column], names: Sequence[str], width: int) -> tuple[Encoding, ...]:
    """Return encodings for a model of which no encodings are known: it must read every column as a number.

    Parameters
    ----------
    columns
        What the version declares as inputs.
    names
        Columns as the model names them, in its order; empty where it names none: then the declared order counts.
    width
        How many columns it reads.

    Raises
    ------
    ValueError
        Where the two do not fit, or a column is no number.
    """
    if texts := [column.name for column in columns if column.type is ColumnType.CATEGORY]:
        msg = (
            f"{', '.join(texts)} hold text and the model reads numbers: hand in the encodings with it "
            f"(`encodings.json`), or encode the columns in the dataset"
        )
        raise ValueError(msg)
    known = {column.name: column for column in columns}
    if names and (sorted(names) != sorted(known) or len(set(names)) != len(names)):
        msg = f"the model reads {', '.join(names)}; declared as inputs are {', '.join(known)}"
        raise ValueError(msg)
    if width != len(columns):
        msg = f"the model reads {width} columns, {len(columns)} are declared as inputs: {', '.join(known)}"
        raise ValueError(msg)
    return tuple(Encoding(known[name]) for name in names or known)


def mixed(columns: Sequence[Column], names: Sequence[str], width: int, texts: Collection[int]) -> tuple[Column, ...]:
    """Return columns in the order of a model that reads some of them as categories, at the places ``texts``.

    Raises
    ------
    ValueError
        Where they do not fit, or a column of texts is none of those.
    """
    known = {column.name: column for column in columns}
    if (names and sorted(names) != sorted(known)) or width != len(columns):
        msg = f"the model reads {', '.join(names) or width}; declared as inputs are {', '.join(known)}"
        raise ValueError(msg)
    made = tuple(known[name] for name in names or known)
    wrong = [
        column.name
        for place, column in enumerate(made)
        if (place in texts) != (column.type is ColumnType.CATEGORY) and column.type is not ColumnType.INTEGER
    ]
    if wrong:
        msg = f"{', '.join(wrong)}: text where the model reads numbers, or numbers where it reads categories"
        raise ValueError(msg)
    return made


def objects(columns: Sequence[Column], texts: Collection[int], rows: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
    """Return rows as such a model reads them: integers and texts as categories, null as None."""
    made = [rows[column.name].astype(object) for column in columns]
    for place in texts:
        made[place] = np.array([_code(value) for value in made[place]], object)
    return np.stack(made, axis=1)


def _code(value: Any) -> Any:
    """Return a category as it was counted: an integer is no fraction."""
    return int(value) if isinstance(value, float) and value == value // 1 else value


def to_bytes(encodings: Sequence[Encoding]) -> bytes:
    """Write encodings as canonical JSON; every float keeps its exact value."""
    return canonical({"format": FORMAT, "encodings": encode(tuple(encodings))})


def from_bytes(raw: bytes, columns: Sequence[Column]) -> tuple[Encoding, ...]:
    """Read encodings of these columns, as the version declares them.

    Raises
    ------
    ValueError
        Where the bytes are not encodings, or not of exactly these columns.
    """
    fields: Any = parse(raw)
    if not isinstance(fields, dict) or fields.get("format") != FORMAT or not isinstance(fields.get("encodings"), list):
        msg = f"encodings.json is no object with format {FORMAT} and a list of encodings"
        raise ValueError(msg)
    known = {column.name: column for column in columns}
    found = [decode(Encoding, item, f"encodings[{place}]") for place, item in enumerate(fields["encodings"])]
    names = [encoding.column.name for encoding in found]
    if sorted(names) != sorted(known):
        msg = f"encodings.json encodes {', '.join(names)}; declared as inputs are {', '.join(known)}"
        raise ValueError(msg)
    if other := [e.column.name for e in found if e.column.type is not known[e.column.name].type]:
        msg = f"encodings.json has another type than the declared inputs for {', '.join(other)}"
        raise ValueError(msg)
    return tuple(replace(encoding, column=known[encoding.column.name]) for encoding in found)


def encoded(encodings: Sequence[Encoding], rows: Any) -> NDArray[np.float64]:
    """Return the matrix of rows given by column; a category that is in no encoding is all zeros."""
    return Encoder(encodings, unknown="unknown").encode(rows)


def widened(encodings: Sequence[Encoding], extras: Sequence[Extra]) -> tuple[Encoding, ...]:
    """Return encodings that make the same matrix and the further columns behind it.

    Raises
    ------
    ValueError
        Where an encoding has places of its own already.
    """
    if not extras:
        return tuple(encodings)
    width, start, made = sum(encoding.width for encoding in encodings), 0, []
    for encoding in encodings:
        if encoding.places or encoding.unread:
            msg = f"{encoding.column.name} is encoded by places already, to which no sets of categories are added"
            raise ValueError(msg)
        own = _places(encoding, start)
        first = {place.at: place.steps for place in own}
        more = [
            Place(width + number, (*first[column], *steps))
            for number, (column, steps) in enumerate(extras)
            if column in first
        ]
        made.append(_explicit(encoding, (*own, *more)))
        start += encoding.width
    return tuple(made)


def _places(encoding: Encoding, start: int) -> tuple[Place, ...]:
    """Say by places what an encoding of the first format does."""
    if encoding.column.type is ColumnType.CATEGORY:
        ranks = len(encoding.categories) + 2
        spread = ([float(rank == own) for rank in range(ranks)] for own in range(encoding.width))
        return tuple(Place(start + own, (picked(values, 0.0),)) for own, values in enumerate(spread))
    steps = () if encoding.fill is None else (Step("fill", (encoding.fill,)),)
    if (encoding.mean, encoding.scale) != (0.0, 1.0):
        steps = (*steps, Step("subtract", (encoding.mean,)), Step("divide", (encoding.scale,)))
    return (Place(start, steps),)


def _explicit(encoding: Encoding, places: tuple[Place, ...]) -> Encoding:
    null = encoding.column.nullable  # a null without a place is all zeros, as every rank without one
    return replace(encoding, fill=None, mean=0.0, scale=1.0, null_place=null, places=places)
