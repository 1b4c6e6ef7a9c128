"""Pipelines: transformers one after the other and side by side, nested however they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sklearn.compose import ColumnTransformer
from sklearn.pipeline import FeatureUnion, Pipeline

from muster.adapters.sklearn.reading.track import Track
from muster.adapters.sklearn.reading.transformers import transformed
from muster.columns.encoding.steps import Step, packed


def through(part: Any, tracks: Sequence[Track]) -> list[Track]:
    """Return the columns that any part of a pipeline makes of columns, in their order.

    Raises
    ------
    ValueError
        Where a part is not known exactly, or reads another number of columns.
    """
    if part is None or (isinstance(part, str) and part == "passthrough"):
        return list(tracks)
    if isinstance(part, str) and part == "drop":
        return []
    wanted = getattr(part, "n_features_in_", len(tracks))
    if wanted != len(tracks):
        msg = f"{type(part).__name__} reads {wanted} columns and is given {len(tracks)}: they are not of one version"
        raise ValueError(msg)
    if type(part) is Pipeline:
        made = list(tracks)
        for _, step in part.steps:
            made = through(step, made)
        return made
    if type(part) is ColumnTransformer:
        return _side_by_side(part, tracks)
    if type(part) is FeatureUnion:
        return _united(part, tracks)
    return transformed(part, tracks)


def _united(part: FeatureUnion, tracks: Sequence[Track]) -> list[Track]:
    weights = part.transformer_weights or {}
    return [
        track for name, step in part.transformer_list for track in _weighed(through(step, tracks), weights.get(name))
    ]


def _side_by_side(part: ColumnTransformer, tracks: Sequence[Track]) -> list[Track]:
    weights = part.transformer_weights or {}
    taken = part._transformer_to_input_indices  # noqa: SLF001 - parity proves the reading
    made: list[Track] = []
    for name, step, _ in part.transformers_:
        places = list(taken.get(name, ()))
        if places:
            made += _weighed(through(step, [tracks[place] for place in places]), weights.get(name))
    return made


def _weighed(tracks: list[Track], weight: float | None) -> list[Track]:
    return tracks if weight is None else [track.then(Step("multiply", packed([weight]))) for track in tracks]
