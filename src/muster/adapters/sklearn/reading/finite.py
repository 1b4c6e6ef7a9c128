"""Finite: transformers that tell finitely many values apart, asked about each of them instead of being understood.

Encoders of categories have many options (infrequent categories, dropped ones, unknown and missing values), and whoever
writes them again writes some of them wrong. So the fitted object itself transforms every value that it can tell apart,
and one that it cannot; what comes out is the table that is served.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd  # type: ignore[import-untyped]

from muster.adapters.sklearn.reading.track import REFUSED, Grow, Track
from muster.columns.encoding.steps import Step, packed


def told_apart(transformer: Any, tracks: Sequence[Track], widths: Sequence[int]) -> list[Track]:
    """Return the columns that an encoder makes, whose ``categories_`` are all that it tells apart.

    Parameters
    ----------
    widths
        How many columns it makes of each.
    """
    made: list[Track] = []
    start = 0
    known = [list(found) for found in transformer.categories_]
    for place, (track, width) in enumerate(zip(tracks, widths, strict=True)):
        span = slice(start, start + width)
        if track.table is None:
            made += _numbers(transformer, tracks, known, place, span)
        else:
            _require_grown(track, known[place])
            rows = _transformed(transformer, tracks, known, place, track.table)
            made += [track.become([_at(row, at) for row in rows]) for at in range(span.start, span.stop)]
        start += width
    return made


def filled(transformer: Any, track: Track, place: int, width: int) -> Track:
    """Return a column of texts after an imputer, which is asked about each value alone."""
    if isinstance(transformer.missing_values, str):
        _require_grown(track, [transformer.missing_values])
    if track.table is None:
        msg = f"muster cannot compile an imputer of texts for {track.source}, which holds numbers"
        raise ValueError(msg)
    if isinstance(transformer.statistics_[place], str):
        _require_grown(track, [transformer.statistics_[place]])
    rows = [
        _one(transformer, [value if at == place else _spare(transformer, at) for at in range(width)])
        for value in track.table
    ]
    at = place - int(sum(_is_nan(value) for value in transformer.statistics_[:place]))
    return track.become([_at(row, at, text=True) for row in rows])


def _numbers(
    transformer: Any, tracks: Sequence[Track], known: Sequence[list[Any]], place: int, span: slice
) -> list[Track]:
    track = tracks[place]
    keys = [float(value) for value in known[place] if not _is_nan(value)]
    strange = max(keys, default=0.0) + 1.5
    rows = _transformed(transformer, tracks, known, place, [*keys, np.nan, strange])
    steps: list[Step] = []
    if rows[-2] is REFUSED:
        track = track.present()
    if rows[-1] is REFUSED:
        steps.append(Step("among", packed(keys)))
    made = []
    for at in range(span.start, span.stop):
        other = 0.0 if rows[-1] is REFUSED else _at(rows[-1], at)
        null = other if rows[-2] is REFUSED else _at(rows[-2], at)
        told = [(key, _at(row, at)) for key, row in zip(keys, rows, strict=False)]
        pairs = [number for key, value in told if value != other for number in (key, value)]
        made.append(track.then(*steps, Step("pick", packed([other, null, *pairs]))))
    return made


def _transformed(
    transformer: Any, tracks: Sequence[Track], known: Sequence[list[Any]], place: int, values: Sequence[Any]
) -> list[Any]:
    """Return what becomes of rows that hold the values in one column and something known in all others."""
    others = [next((value for value in each if not _is_nan(value)), None) for each in known]
    lines = [[value if at == place else others[at] for at in range(len(tracks))] for value in values]
    asked = [line for line in lines if line[place] is not REFUSED]
    together = _answer(transformer, asked, tracks)
    answers = iter(together if together is not REFUSED else [_one(transformer, line, tracks) for line in asked])
    return [REFUSED if line[place] is REFUSED else next(answers) for line in lines]


def _one(transformer: Any, row: list[Any], tracks: Sequence[Track] = ()) -> Any:
    made = _answer(transformer, [row], tracks)
    return made if made is REFUSED else made[0]


def _answer(transformer: Any, rows: list[list[Any]], tracks: Sequence[Track]) -> Any:
    """Return what becomes of rows, or that one of them is refused."""
    given: Any = np.array(rows, dtype=object)
    names = getattr(transformer, "feature_names_in_", None)
    numbers = [track.table is None for track in tracks]
    if names is not None:
        given = pd.DataFrame(given, columns=names, dtype=object)
        for name, number in zip(names, numbers, strict=False):
            if number:
                given[name] = given[name].astype(np.float64)
    elif tracks and all(numbers):
        given = given.astype(np.float64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            made = transformer.transform(given)
        except ValueError:
            return REFUSED
    if hasattr(made, "toarray"):
        made = made.toarray()
    return np.asarray(made)


def _at(row: Any, at: int, *, text: bool = False) -> Any:
    if row is REFUSED:
        return REFUSED
    value = row[at]
    return value if text and (value is None or isinstance(value, str)) else float(value)


def _spare(transformer: Any, at: int) -> Any:
    value = transformer.statistics_[at]
    return "x" if _is_nan(value) else value


def _require_grown(track: Track, values: Sequence[Any]) -> None:
    texts = [value for value in values if isinstance(value, str) and value not in (track.table or ())]
    if texts and track.table is not None and not track.steps:
        raise Grow(track.source, texts)


def _is_nan(value: Any) -> bool:
    return value is None or (isinstance(value, (float, np.floating)) and bool(np.isnan(value)))
