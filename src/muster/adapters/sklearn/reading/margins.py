"""Margins: classifiers whose log-odds are a sum over columns: linear discriminants and naive Bayes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np
from sklearn import discriminant_analysis, naive_bayes

from muster.adapters.sklearn.reading.gathering import Gathering
from muster.adapters.sklearn.reading.track import Track
from muster.columns.encoding.steps import Step, packed
from muster.columns.forms import Linear

Tracks = Sequence[Track]


def linear(gathering: Gathering, model: Any, tracks: Tracks) -> int:
    """Gather a model that has one weight a column, and return the line of its margin."""
    weights = np.asarray(model.coef_, np.float64).reshape(-1)
    intercept = float(np.asarray(model.intercept_, np.float64).reshape(-1)[0])
    return gathering.member(Linear(weights, intercept), [track.present() for track in tracks])


def _gaussian(gathering: Gathering, model: Any, tracks: Tracks) -> int:
    """Every column twice: its squared distance from the mean of each class, over the variance there."""
    theta, variance = np.asarray(model.theta_, np.float64), np.asarray(model.var_, np.float64)
    spread = [
        track.present().then(
            Step("subtract", packed([theta[of, at]])), Step("square"), Step("divide", packed([variance[of, at]]))
        )
        for of in (0, 1)
        for at, track in enumerate(tracks)
    ]
    begun = np.log(model.class_prior_) - 0.5 * np.log(2.0 * np.pi * variance).sum(axis=1)
    weights = np.repeat([0.5, -0.5], len(tracks))
    return gathering.member(Linear(weights, float(begun[1] - begun[0])), spread)


def _counted(gathering: Gathering, model: Any, tracks: Tracks) -> int:
    chances = np.asarray(model.feature_log_prob_, np.float64)
    begun = np.asarray(model.class_log_prior_, np.float64)
    given = [track.present() for track in tracks]
    if type(model) is naive_bayes.BernoulliNB:
        against = np.log(1 - np.exp(chances))
        chances, begun = chances - against, begun + against.sum(axis=1)
        if model.binarize is not None:
            given = [track.then(Step("above", packed([model.binarize]))) for track in given]
    return gathering.member(Linear(chances[1] - chances[0], float(begun[1] - begun[0])), given)


SUMS: Final[Mapping[type, Callable[[Gathering, Any, Tracks], int]]] = {
    discriminant_analysis.LinearDiscriminantAnalysis: linear,
    naive_bayes.GaussianNB: _gaussian,
    naive_bayes.BernoulliNB: _counted,
    naive_bayes.MultinomialNB: _counted,
}
"""Classifiers whose log-odds are such sums."""
