"""Several: fitted transformers that make one column of several, or several of one, as mixes and their numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn import decomposition, preprocessing

from muster.adapters.sklearn.reading.track import Track, mixed
from muster.columns.encoding.splines import Beyond
from muster.columns.encoding.steps import Step, packed

Tracks = Sequence[Track]
Floats = NDArray[np.float64]

_MOST: Final = 20_000
"""Columns that polynomials may come to."""

_BEYOND: Final = {"continue": Beyond.CONTINUE, "error": Beyond.ERROR, "periodic": Beyond.PERIODIC}
_SHARES: Final = {"l1": 1.0, "l2": 2.0, "max": 0.0}


def _components(part: Any, tracks: Tracks) -> list[Track]:
    components = _weights(part.components_, part)
    offsets = (np.reshape(part.mean_, (1, -1)) @ components.T)[0]
    made = _projected(tracks, components, offsets)
    if not part.whiten:
        return made
    spread = np.sqrt(np.asarray(part.explained_variance_, np.float64))
    least = np.maximum(spread, np.finfo(np.float64).eps)
    return [track.then(Step("divide", packed([scale]))) for track, scale in zip(made, least, strict=True)]


def _truncated(part: Any, tracks: Tracks) -> list[Track]:
    components = _weights(part.components_, part)
    return _projected(tracks, components, np.zeros(len(components)))


def _weights(components: Any, part: Any) -> Floats:
    if components.dtype != np.float64:
        msg = f"muster cannot compile a {type(part).__name__} of {components.dtype}: of float64 only"
        raise ValueError(msg)
    return np.asarray(components, np.float64)


def _projected(tracks: Tracks, components: Floats, offsets: Floats) -> list[Track]:
    given = [track.present() for track in tracks]
    return mixed("project", given, [*components.T.ravel(), *offsets], len(components))


def _polynomials(part: Any, tracks: Tracks) -> list[Track]:
    if part.n_output_features_ > _MOST:
        msg = f"muster cannot compile PolynomialFeatures of {part.n_output_features_:,} columns: {_MOST:,} are the most"
        raise ValueError(msg)
    powers, one = np.asarray(part.powers_, np.intp), len(tracks)
    degree = max(int(powers.sum(axis=1).max(initial=1)), 1)
    # The last column is multiplied first: scikit-learn makes each degree of the one below, times an earlier column.
    orders = [np.repeat(np.arange(one)[::-1], row[::-1]).tolist() for row in powers]
    factors = [place for order in orders for place in (*order, *[one] * (degree - len(order)))]
    return mixed("products", [track.present() for track in tracks], [degree, *factors], len(powers))


def _normalized(part: Any, tracks: Tracks) -> list[Track]:
    return mixed("share", [track.present() for track in tracks], [_SHARES[part.norm]], len(tracks))


def _splines(part: Any, tracks: Tracks) -> list[Track]:
    made: list[Track] = []
    if part.degree == 0 and part.extrapolation == "constant":
        msg = "muster cannot compile a SplineTransformer of degree 0 that is constant beyond its knots"
        raise ValueError(msg)
    nullable = part.handle_missing == "zeros"
    for track, spline in zip(tracks, part.bsplines_, strict=True):
        results = spline.c.shape[1]
        beyond = _BEYOND.get(part.extrapolation, Beyond.STRAIGHT)
        numbers = [beyond, part.degree, results, nullable, *spline.t]
        if beyond is Beyond.STRAIGHT:
            numbers += _ends(part, spline, results)
        given = track if nullable else track.present()
        made += mixed("splines", [given], numbers, results)[: None if part.include_bias else -1]
    return made


def _ends(part: Any, spline: Any, results: int) -> list[float]:
    """Return values and slopes at the lower end and at the upper, of those splines that go on beyond it."""
    low, high = np.zeros((2, results)), np.zeros((2, results))
    straight = part.extrapolation == "linear"
    reach = part.degree + 1 if straight and part.degree <= 1 else part.degree
    for line, slope in enumerate((0, 1) if straight else (0,)):
        low[line, :reach] = spline(spline.t[part.degree], nu=slope)[:reach]
        high[line, -reach:] = spline(spline.t[-part.degree - 1], nu=slope)[-reach:]
    return [*low.ravel(), *high.ravel()]


SEVERAL: Final[Mapping[type, Callable[[Any, Tracks], list[Track]]]] = {
    decomposition.PCA: _components,
    decomposition.IncrementalPCA: _components,
    decomposition.TruncatedSVD: _truncated,
    preprocessing.PolynomialFeatures: _polynomials,
    preprocessing.Normalizer: _normalized,
    preprocessing.SplineTransformer: _splines,
}
"""Transformers whose columns are made of several, or many of one."""
