"""Settling: columns of a matrix to one encoding for each input, in the first format of plans where that says it all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from muster.adapters.sklearn.reading.track import REFUSED, Track
from muster.columns.encoding.mixes import Mix, Output
from muster.columns.encoding.placed import picked
from muster.columns.encoding.steps import Place, Step
from muster.columns.plan import Encoding
from muster.records.data import Column, ColumnType


def settled(
    tracks: Sequence[Track], inputs: Sequence[Column], categories: Mapping[str, Sequence[str]]
) -> tuple[tuple[Encoding, ...], tuple[Mix, ...]]:
    """Return the encodings of a matrix, and what is made of several of its columns.

    Raises
    ------
    ValueError
        Where a category can be read in one place and not in another.
    """
    single, mixes = _laid(tracks)
    held: dict[str, list[tuple[int, Track]]] = {column.name: [] for column in inputs}
    for at, track in single:
        held[track.source].append((at, track))
    made = [_of(column, held[column.name], categories.get(column.name, ())) for column in inputs]
    plain = None if mixes else _plainly(made)
    return plain or tuple(made), mixes


def _laid(tracks: Sequence[Track]) -> tuple[list[tuple[int, Track]], tuple[Mix, ...]]:
    """Return where the columns of single inputs are, and the mixes; what only mixes read comes after all others."""
    known: dict[Track, int] = {}
    for at, track in enumerate(tracks):
        known.setdefault(track, at)
    waiting, single = list(enumerate(tracks)), list[tuple[int, Track]]()
    end = len(waiting)
    groups: dict[tuple[int, str, tuple[Track, ...], tuple[float, ...]], list[Output]] = {}
    while waiting:
        at, track = waiting.pop(0)
        if track.made is None:
            single.append((at, track))
            continue
        made = track.made
        groups.setdefault((_depth(track), made.op, made.of, made.numbers), []).append(
            Output(at, made.result, track.steps)
        )
        for part in made.of:
            if part not in known:
                known[part] = end
                waiting.append((end, part))
                end += 1
    order = sorted(groups, key=lambda group: group[0])
    mixes = (Mix(key[1], tuple(known[part] for part in key[2]), key[3], tuple(groups[key])) for key in order)
    return single, tuple(mixes)


def _depth(track: Track) -> int:
    """Return how many mixes come before a column, itself included."""
    return 0 if track.made is None else 1 + max(map(_depth, track.made.of))


def _of(column: Column, held: Sequence[tuple[int, Track]], categories: Sequence[str]) -> Encoding:
    if not held:
        return Encoding(column, unread=True)
    if column.type is ColumnType.CATEGORY:
        return _of_texts(column, held, categories)
    return Encoding(column, places=tuple(Place(at, track.steps) for at, track in held))


def _of_texts(column: Column, held: Sequence[tuple[int, Track]], categories: Sequence[str]) -> Encoding:
    tables = [(at, track.table or ()) for at, track in held]
    refused = [any(table[rank] is REFUSED for _, table in tables) for rank in range(len(categories) + 2)]
    *known, null, unknown = refused
    if any(known) and unknown:  # a word that stands for null, say, which is refused like any unknown one if it is sent
        kept = [rank for rank, wrong in enumerate([*known, False, False]) if not wrong]
        left = [categories[rank] for rank in kept[:-2]]
        return _of_texts(column, [(at, _kept(track, kept)) for at, track in held], left)
    if any(known):
        strange = next(name for name, wrong in zip(categories, known, strict=True) if wrong)
        msg = f"muster cannot compile {column.name}: one part of the model refuses {strange!r}, which another knows"
        raise ValueError(msg)
    places = []
    for at, table in tables:
        values = [0.0 if value is REFUSED else float("nan") if value is None else float(value) for value in table]
        places.append(Place(at, (picked(values, _commonest(values)),)))
    return Encoding(
        column, categories=tuple(categories), null_place=column.nullable and not null, places=tuple(places),
        closed=unknown,
    )  # fmt: skip


def _kept(track: Track, ranks: Sequence[int]) -> Track:
    table = track.table or ()
    return replace(track, table=tuple(table[rank] for rank in ranks))


def _commonest(values: Sequence[float]) -> float:
    found, counts = np.unique(np.asarray(values), return_counts=True)
    return float(found[counts.argmax()])


def _plainly(made: Sequence[Encoding]) -> tuple[Encoding, ...] | None:
    """Return the encodings as the first format says them; None where it cannot."""
    start, plain = 0, []
    if any(encoding.unread for encoding in made):
        return None
    for encoding in sorted(made, key=lambda each: each.places[0].at):
        if [place.at for place in encoding.places] != list(range(start, start + len(encoding.places))):
            return None
        start += len(encoding.places)
        texts = encoding.column.type is ColumnType.CATEGORY
        found = _plain_texts(encoding) if texts else _plain_number(encoding)
        if found is None:
            return None
        plain.append(found)
    return tuple(plain)


def _plain_number(encoding: Encoding) -> Encoding | None:
    (first, *others) = encoding.places
    held = {step.op: step.numbers[0] for step in first.steps if step.numbers}
    order = [step.op for step in first.steps]
    if others or order not in ([], ["fill"], ["subtract", "divide"], ["fill", "subtract", "divide"]):
        return None
    mean, scale = held.get("subtract", 0.0), held.get("divide", 1.0)
    if mean is None or scale is None or scale <= 0:
        return None
    return Encoding(encoding.column, fill=held.get("fill"), mean=mean, scale=scale)


def _plain_texts(encoding: Encoding) -> Encoding | None:
    names, count = encoding.categories, len(encoding.categories)
    null = encoding.column.nullable and len(encoding.places) == count + 1
    if encoding.closed or encoding.null_place != encoding.column.nullable or len(encoding.places) != count + null:
        return None
    spread = [(picked([float(rank == own) for rank in range(count + 2)], 0.0),) for own in range(count + null)]
    steps: list[tuple[Step, ...]] = [place.steps for place in encoding.places]
    return Encoding(encoding.column, categories=names, null_place=null) if steps == spread else None
