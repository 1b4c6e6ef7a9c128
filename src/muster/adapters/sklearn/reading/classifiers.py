"""Classifiers: each fitted scikit-learn classifier to members and the lines of a head that gives P(second class)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np
from sklearn import calibration, ensemble, linear_model, model_selection, neural_network, svm, tree
from sklearn.frozen import FrozenEstimator
from sklearn.isotonic import IsotonicRegression
from sklearn.pipeline import Pipeline

from muster.adapters.sklearn.reading.gathering import Gathering
from muster.adapters.sklearn.reading.margins import SUMS, linear
from muster.adapters.sklearn.reading.pipelines import through
from muster.adapters.sklearn.reading.track import Track
from muster.adapters.sklearn.reading.trees import averaged, boosted, histogram, single_precision, weighed
from muster.columns.forms import ACTIVATIONS, Linear, Network

Tracks = Sequence[Track]
Reader = Callable[[Gathering, Any, Tracks], int]


def probability(gathering: Gathering, model: Any, tracks: Tracks) -> int:
    """Gather a model and return the line of P(second class).

    Raises
    ------
    ValueError
        Where it is no classifier of two classes that is known exactly.
    """
    if type(model) is Pipeline:
        *before, (_, last) = model.steps
        made = list(tracks)
        for _, step in before:
            made = through(step, made)
        return probability(gathering, last, made)
    _require_fit(model, tracks)
    name = f"{type(model).__module__}.{type(model).__qualname__}"
    if name in gathering.boosters:
        trees, extras = gathering.boosters[name](model)
        more = [tracks[column].then(*steps) for column, steps in extras]
        return gathering.line("logistic", [gathering.member(trees, [*tracks, *more])])
    if type(model) in _MARGINS and hasattr(model, "predict_proba"):
        return _from_margin(gathering, model, _MARGINS[type(model)](gathering, model, tracks))
    if type(model) not in _PROBABILITIES:
        msg = f"muster cannot compile {type(model).__name__}: known are {', '.join(known())}"
        raise ValueError(msg)
    return _PROBABILITIES[type(model)](gathering, model, tracks)


def known() -> list[str]:
    """Return the names of the classifiers that are compiled."""
    return sorted(kind.__name__ for kind in (*_MARGINS, *_PROBABILITIES))


def response(gathering: Gathering, model: Any, tracks: Tracks) -> int:
    """Gather a model and return the line of its decision function, or of P(second class) where it has none."""
    last = model
    while type(last) in (Pipeline, FrozenEstimator):
        last = last.steps[-1][1] if type(last) is Pipeline else last.estimator
    return _margin(gathering, model, tracks) if type(last) in _MARGINS else probability(gathering, model, tracks)


def _margin(gathering: Gathering, model: Any, tracks: Tracks) -> int:
    if type(model) is FrozenEstimator:
        return _margin(gathering, model.estimator, tracks)
    if type(model) is Pipeline:
        made = list(tracks)
        for _, step in model.steps[:-1]:
            made = through(step, made)
        return _margin(gathering, model.steps[-1][1], made)
    _require_fit(model, tracks)
    return _MARGINS[type(model)](gathering, model, tracks)


def _require_fit(model: Any, tracks: Tracks) -> None:
    wanted = getattr(model, "n_features_in_", 0) or len(tracks)
    if wanted != len(tracks):
        msg = f"{type(model).__name__} reads {wanted} columns and is given {len(tracks)}: they are not of one version"
        raise ValueError(msg)
    if len(getattr(model, "classes_", (0, 1))) != 2:
        msg = f"muster cannot compile {type(model).__name__} of {len(model.classes_)} classes: a score needs two"
        raise ValueError(msg)


def _from_margin(gathering: Gathering, model: Any, line: int) -> int:
    loss = getattr(model, "loss", "log_loss")
    if type(model) is ensemble.GradientBoostingClassifier and loss == "exponential":
        line = gathering.line("multiply", [line], [2.0])
    if loss == "modified_huber":
        line = gathering.line("clip", [line], [-1.0, 1.0])
        return gathering.line("divide", [gathering.line("add", [line], [1.0])], [2.0])
    return gathering.line("logistic", [line])


def _histogram(gathering: Gathering, model: Any, tracks: Tracks) -> int:
    split_on, trees = histogram(model, tracks)
    return gathering.member(trees, split_on)


def _boosted(gathering: Gathering, model: Any, tracks: Tracks) -> int:
    return gathering.member(boosted(model), single_precision([track.present() for track in tracks]))


def _weighed(gathering: Gathering, model: Any, tracks: Tracks) -> int:
    line = gathering.member(weighed(model), single_precision([track.present() for track in tracks]))
    line = gathering.line("divide", [line], [model.estimator_weights_.sum()])
    return gathering.line("softmax", [gathering.line("multiply", [line], [2.0])])


def _forest(gathering: Gathering, model: Any, tracks: Tracks) -> int:
    trees = averaged(model.estimators_, [1] * len(model.estimators_))
    line = gathering.member(trees, single_precision(tracks))
    return gathering.line("divide", [line], [len(model.estimators_)])


def _one_tree(gathering: Gathering, model: Any, tracks: Tracks) -> int:
    return gathering.line("divide", [gathering.member(averaged([model], [1]), single_precision(tracks))], [1.0])


def _network(gathering: Gathering, model: Any, tracks: Tracks) -> int:
    if model.out_activation_ != "logistic" or model.activation not in ACTIVATIONS:
        msg = f"muster cannot compile MLPClassifier with {model.activation} and {model.out_activation_}"
        raise ValueError(msg)
    layers = zip(model.coefs_, model.intercepts_, strict=True)
    made = tuple((np.asarray(w, np.float64), np.asarray(b, np.float64)) for w, b in layers)
    line = gathering.member(Network(made, model.activation), [track.present() for track in tracks])
    return gathering.line("logistic", [line])


def _calibrated(gathering: Gathering, model: Any, tracks: Tracks) -> int:
    lines = []
    for each in model.calibrated_classifiers_:
        if each.method == "temperature":
            lines.append(_cooled(gathering, each, tracks))
            continue
        line = response(gathering, each.estimator, tracks)
        lines.append(gathering.line("nearly-one", [_calibrator(gathering, each.calibrators[0], line)]))
    return gathering.line("mean", lines)


def _cooled(gathering: Gathering, calibrated: Any, tracks: Tracks) -> int:
    if not hasattr(calibrated.estimator, "decision_function"):
        msg = "muster cannot compile CalibratedClassifierCV by temperature of a model without a decision function"
        raise ValueError(msg)
    line = _margin(gathering, calibrated.estimator, tracks)
    return gathering.line("logistic", [gathering.line("multiply", [line], [2.0 * calibrated.calibrators[0].beta_])])


def _calibrator(gathering: Gathering, calibrator: Any, line: int) -> int:
    if type(calibrator) is IsotonicRegression:
        if calibrator.out_of_bounds != "clip" or calibrator.X_thresholds_.dtype != np.float64:
            msg = "muster cannot compile an isotonic calibration that is not of float64 and clipped"
            raise ValueError(msg)
        return gathering.line("interpolate", [line], [*calibrator.X_thresholds_, *calibrator.y_thresholds_])
    line = gathering.line("multiply", [line], [calibrator.a_])
    line = gathering.line("add", [line], [calibrator.b_])
    return gathering.line("logistic", [gathering.line("negative", [line])])


def _voting(gathering: Gathering, model: Any, tracks: Tracks) -> int:
    if model.voting != "soft":
        msg = "muster cannot compile a VotingClassifier that counts votes: it gives no probability"
        raise ValueError(msg)
    lines = [probability(gathering, each, tracks) for each in model.estimators_]
    return gathering.line("mean", lines, model._weights_not_none or ())  # noqa: SLF001 - parity proves the reading


def _stacking(gathering: Gathering, model: Any, tracks: Tracks) -> int:
    final = model.final_estimator_
    if type(final) is not linear_model.LogisticRegression:
        msg = "muster cannot compile StackingClassifier but with a LogisticRegression over its members"
        raise ValueError(msg)
    ways = {"predict_proba": probability, "decision_function": _margin}
    if strange := set(model.stack_method_) - ways.keys():
        msg = f"muster cannot compile StackingClassifier over {', '.join(sorted(strange))}"
        raise ValueError(msg)
    lines = [
        ways[way](gathering, each, tracks) for each, way in zip(model.estimators_, model.stack_method_, strict=True)
    ]
    weights, begun = list(final.coef_[0]), float(np.ravel(final.intercept_)[0])
    if model.passthrough:  # the columns come after the members
        rest = Linear(np.asarray(weights[len(lines) :], np.float64), 0.0)
        weights = [*weights[: len(lines)], 1.0]
        lines.append(gathering.member(rest, [track.present() for track in tracks]))
    return gathering.line("logistic", [gathering.line("dot", lines, [*weights, begun])])


def _bagged(gathering: Gathering, model: Any, tracks: Tracks) -> int:
    lines = []
    for each, taken in zip(model.estimators_, model.estimators_features_, strict=True):
        if len(getattr(each, "classes_", ())) != 2 or not hasattr(each, "predict_proba"):
            msg = "muster cannot compile BaggingClassifier of members that saw one class or count votes"
            raise ValueError(msg)
        lines.append(probability(gathering, each, [tracks[place] for place in taken]))
    return gathering.line("mean", lines)


_MARGINS: Final[Mapping[type, Reader]] = {
    linear_model.LogisticRegression: linear,
    linear_model.LogisticRegressionCV: linear,
    linear_model.SGDClassifier: linear,
    linear_model.RidgeClassifier: linear,
    svm.LinearSVC: linear,
    **SUMS,
    ensemble.HistGradientBoostingClassifier: _histogram,
    ensemble.GradientBoostingClassifier: _boosted,
}
"""Classifiers with a decision function; those without probabilities are compiled where they are calibrated."""

_PROBABILITIES: Final[Mapping[type, Reader]] = {
    ensemble.RandomForestClassifier: _forest,
    ensemble.ExtraTreesClassifier: _forest,
    ensemble.AdaBoostClassifier: _weighed,
    ensemble.BaggingClassifier: _bagged,
    tree.DecisionTreeClassifier: _one_tree,
    tree.ExtraTreeClassifier: _one_tree,
    neural_network.MLPClassifier: _network,
    calibration.CalibratedClassifierCV: _calibrated,
    ensemble.VotingClassifier: _voting,
    ensemble.StackingClassifier: _stacking,
    FrozenEstimator: lambda gathering, model, tracks: probability(gathering, model.estimator, tracks),
    # Their threshold is not what is served: the decision rule of the version is.
    model_selection.FixedThresholdClassifier: lambda gathering, model, tracks: probability(
        gathering, model.estimator_, tracks
    ),
    model_selection.TunedThresholdClassifierCV: lambda gathering, model, tracks: probability(
        gathering, model.estimator_, tracks
    ),
}
