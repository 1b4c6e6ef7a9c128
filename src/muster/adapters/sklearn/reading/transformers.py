"""Transformers of single columns: each fitted scikit-learn object to the steps that do the same to each column."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
from sklearn import feature_selection, impute, preprocessing
from sklearn.utils import check_array

from muster.adapters.sklearn.reading.finite import filled, told_apart
from muster.adapters.sklearn.reading.several import SEVERAL
from muster.adapters.sklearn.reading.track import Track, require_numbers
from muster.columns.encoding.steps import Step, packed

Tracks = Sequence[Track]

_FUNCTIONS: Final[Mapping[Any, str]] = {
    np.abs: "absolute", np.arcsinh: "arcsinh", np.cbrt: "cbrt", np.ceil: "ceil", np.cos: "cos", np.exp: "exp",
    np.expm1: "expm1", np.floor: "floor", np.log: "log", np.log10: "log10", np.log1p: "log1p", np.log2: "log2",
    np.negative: "negative", np.reciprocal: "reciprocal", np.rint: "rint", np.sign: "sign", np.sin: "sin",
    np.sqrt: "sqrt", np.square: "square", np.tanh: "tanh", np.trunc: "truncate",
}  # fmt: skip
"""Functions of numpy that work on each number alone."""


def _each(tracks: Tracks, *steps: tuple[str, Any]) -> list[Track]:
    """Do the same operations to every column, each with its own number; None leaves an operation out."""
    made = list(tracks)
    for op, numbers in steps:
        if numbers is not None:
            values = np.broadcast_to(np.asarray(numbers, np.float64), len(made))
            made = [track.then(Step(op, packed([value]))) for track, value in zip(made, values, strict=True)]
    return made


def _standard(part: Any, tracks: Tracks) -> list[Track]:
    mean, scale = (part.mean_ if part.with_mean else None), (part.scale_ if part.with_std else None)
    return _each(tracks, ("subtract", mean), ("divide", scale))


def _robust(part: Any, tracks: Tracks) -> list[Track]:
    centre, scale = (part.center_ if part.with_centering else None), (part.scale_ if part.with_scaling else None)
    return _each(tracks, ("subtract", centre), ("divide", scale))


def _min_max(part: Any, tracks: Tracks) -> list[Track]:
    made = _each(tracks, ("multiply", part.scale_), ("add", part.min_))
    return [track.then(Step("clip", packed(part.feature_range))) for track in made] if part.clip else made


def _max_abs(part: Any, tracks: Tracks) -> list[Track]:
    made = _each(tracks, ("divide", part.scale_))
    return [track.then(Step("clip", (-1.0, 1.0))) for track in made] if getattr(part, "clip", False) else made


def _binarize(part: Any, tracks: Tracks) -> list[Track]:
    return _each([track.present() for track in tracks], ("above", part.threshold))


def _one_hot(part: Any, tracks: Tracks) -> list[Track]:
    return told_apart(part, tracks, part._n_features_outs)  # noqa: SLF001 - parity proves the reading


def _ordinal(part: Any, tracks: Tracks) -> list[Track]:
    return told_apart(part, tracks, [1] * len(tracks))


def _target(part: Any, tracks: Tracks) -> list[Track]:
    if part.target_type_ not in ("binary", "continuous"):
        msg = f"muster cannot compile a TargetEncoder of a target that is {part.target_type_}"
        raise ValueError(msg)
    return told_apart(part, tracks, [1] * len(tracks))


def _impute(part: Any, tracks: Tracks) -> list[Track]:
    made = [
        _impute_one(part, track, place, len(tracks))
        for place, track in enumerate(tracks)
        if part.keep_empty_features or part.strategy == "constant" or not _empty(part.statistics_[place])
    ]
    if part.add_indicator:
        made += [_missing(tracks[place], part.missing_values) for place in part.indicator_.features_]
    return made


def _empty(value: Any) -> bool:
    return isinstance(value, (float, np.floating)) and bool(np.isnan(value))


def _impute_one(part: Any, track: Track, place: int, width: int) -> Track:
    if track.is_text:
        return filled(part, track, place, width)
    value = part.statistics_[place]
    if not isinstance(value, (int, float, np.number)):
        msg = f"muster cannot compile an imputer that fills {track.source} with {type(value).__name__}"
        raise ValueError(msg)
    number = 0.0 if _empty(value) else float(value)  # an empty column that is kept becomes 0
    if _empty(part.missing_values):
        return track.then(Step("fill", (number,)))
    return track.present().then(Step("replace", packed([float(part.missing_values), number])))


def _missing(track: Track, missing_values: Any) -> Track:
    if track.is_text and track.table is not None:
        absent = [value == missing_values or (_empty(missing_values) and _empty(value)) for value in track.table]
        return track.become([float(found) for found in absent])
    if _empty(missing_values):
        return track.then(Step("missing"))
    return track.present().then(Step("equal", packed([float(missing_values)])))


def _indicator(part: Any, tracks: Tracks) -> list[Track]:
    rest = [track for place, track in enumerate(tracks) if place not in set(part.features_) and track.nullable]
    if part.features == "missing-only" and part.error_on_new and rest:
        names = ", ".join(sorted({track.source for track in rest}))
        msg = f"muster cannot compile a MissingIndicator that raises where {names} are missing: error_on_new=False"
        raise ValueError(msg)
    return [_missing(tracks[place], part.missing_values) for place in part.features_]


def _bins(part: Any, tracks: Tracks) -> list[Track]:
    require_numbers(tracks, "KBinsDiscretizer")
    made: list[Track] = []
    for track, edges in zip(tracks, part.bin_edges_, strict=True):
        ranked = track.present().then(Step("bin", packed(edges[1:-1])))
        count = len(edges) - 1
        spread = [ranked.then(Step("equal", (float(rank),))) for rank in range(count)]
        made += [ranked] if part.encode == "ordinal" else spread
    return made


def _quantiles(part: Any, tracks: Tracks) -> list[Track]:
    normal = part.output_distribution == "normal"
    made = [
        track.then(
            Step("near-quantile" if normal else "quantile", packed([*part.quantiles_[:, at], *part.references_]))
        )
        for at, track in enumerate(tracks)
    ]
    return [track.then(Step("normal")) for track in made] if normal else made


def _power(part: Any, tracks: Tracks) -> list[Track]:
    made = _each(tracks, (part.method, part.lambdas_))
    return _standard(part._scaler, made) if part.standardize else made  # noqa: SLF001 - parity proves the reading


def _function(part: Any, tracks: Tracks) -> list[Track]:
    function = part.func
    if function is None or (isinstance(function, functools.partial) and function.func is check_array):
        return list(tracks)
    if function not in _FUNCTIONS or part.kw_args:
        name = getattr(function, "__name__", type(function).__name__)
        msg = f"muster cannot compile a FunctionTransformer of {name}: known are {', '.join(_FUNCTIONS.values())}"
        raise ValueError(msg)
    require_numbers(tracks, "FunctionTransformer")
    return [track.then(Step(_FUNCTIONS[function])) for track in tracks]


def _selected(part: Any, tracks: Tracks) -> list[Track]:
    kept = [tracks[place] for place in part.get_support(indices=True)]
    return kept if isinstance(part, feature_selection.VarianceThreshold) else [track.present() for track in kept]


_TEXTS_TOO: Final[Mapping[type, Callable[[Any, Tracks], list[Track]]]] = {
    preprocessing.OneHotEncoder: _one_hot,
    preprocessing.OrdinalEncoder: _ordinal,
    preprocessing.TargetEncoder: _target,
    preprocessing.FunctionTransformer: _function,
    impute.SimpleImputer: _impute,
    impute.MissingIndicator: _indicator,
}
"""Transformers that may be given texts."""

_NUMBERS: Final[Mapping[type, Callable[[Any, Tracks], list[Track]]]] = {
    preprocessing.StandardScaler: _standard,
    preprocessing.MinMaxScaler: _min_max,
    preprocessing.MaxAbsScaler: _max_abs,
    preprocessing.RobustScaler: _robust,
    preprocessing.Binarizer: _binarize,
    preprocessing.KBinsDiscretizer: _bins,
    preprocessing.QuantileTransformer: _quantiles,
    preprocessing.PowerTransformer: _power,
    **SEVERAL,
    **dict.fromkeys(
        (
            feature_selection.GenericUnivariateSelect, feature_selection.RFE, feature_selection.RFECV,
            feature_selection.SelectFdr, feature_selection.SelectFpr, feature_selection.SelectFromModel,
            feature_selection.SelectFwe, feature_selection.SelectKBest, feature_selection.SelectPercentile,
            feature_selection.SequentialFeatureSelector, feature_selection.VarianceThreshold,
        ),
        _selected,
    ),
}  # fmt: skip
"""Transformers that read numbers only."""


def known() -> Iterator[str]:
    """Yield the names of the transformers that are compiled."""
    yield from sorted(kind.__name__ for kind in (*_TEXTS_TOO, *_NUMBERS))


def transformed(part: Any, tracks: Tracks) -> list[Track]:
    """Return the columns that a fitted transformer makes of columns.

    Raises
    ------
    ValueError
        Where it is none that is known exactly, or is given what it does not read.
    """
    kind = type(part)
    if kind in _TEXTS_TOO:
        return _TEXTS_TOO[kind](part, tracks)
    if kind not in _NUMBERS:
        msg = f"muster cannot compile {kind.__name__}: known are {', '.join(known())}"
        raise ValueError(msg)
    require_numbers(tracks, kind.__name__)
    return _NUMBERS[kind](part, tracks)
