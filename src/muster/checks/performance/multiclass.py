"""Classifiers of several classes: accuracy, F by class and over classes, one-against-rest ranking, log loss."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from muster.checks.declare import check
from muster.checks.figures import estimate, proportion
from muster.checks.parameters import whole
from muster.columns.answers.classes import Classes
from muster.columns.arrow import Floats, Integers
from muster.columns.sample import Sample
from muster.columns.statistics.intervals import Z
from muster.columns.statistics.ranking import area, influences
from muster.columns.statistics.scoring.averages import mean
from muster.columns.statistics.scoring.confusion import SEED, Confusion, around
from muster.records.evidence import Figure, Measurement

DRAWS = 1000
MOST_SHOWN = 20
"""With more classes than this the full confusion table is left out; precision and recall by class remain."""

METHOD = (
    "The predicted class is the one with the highest probability, the first of equals. Shares with Wilson's interval. "
    "F by class and over classes from {draws} draws of the confusion counts (Dirichlet, two counts spread over all "
    "cells, seed {seed}); macro F is the mean over classes, weighted F that by the rows of each class; accuracy is "
    "micro F. Areas under the ROC curve of each class against the rest with DeLong's interval; their mean with "
    "DeLong's too, each row's influence averaged over classes. Log loss with the normal interval of a mean. Each row "
    "counts once. Classes of fewer than {fewest} rows, or of all but fewer, have no area.{left}"
)


@check("performance.multiclass", version=1, parameters=("minimum_class",))
def multiclass(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Measure a classifier of several classes: accuracy, macro and weighted F, areas one against rest, log loss.

    ``minimum_class``: fewest rows of a class for which an area under the ROC curve is given (10).
    """
    classes = sample.classes
    fewest = whole(parameters, "minimum_class", 10, least=2)
    size = len(classes.names)
    table = np.bincount(classes.codes * size + classes.predicted, minlength=size**2).reshape(size, size)
    figures = (*_losses(classes, table), *_f(classes, table), *_areas(classes, fewest), *_by_class(classes, table))
    left = "" if size <= MOST_SHOWN else f" The confusion table of {size} classes is left out."
    return Measurement(figures, method=METHOD.format(draws=DRAWS, seed=SEED, fewest=fewest, left=left))


def _losses(classes: Classes, table: Integers) -> Iterator[Figure]:
    n = classes.codes.size
    yield proportion("accuracy", int(np.trace(table)), n)
    tiny = np.finfo(np.float64).eps
    sure = np.clip(classes.scores[np.arange(n), classes.codes], tiny, 1.0)
    value, low, high = mean(-np.log(sure))
    yield estimate("log_loss", (value, max(low, 0.0), high), n)


def _f(classes: Classes, table: Integers) -> Iterator[Figure]:
    cells = table.astype(np.float64)
    prior = cells.ravel() + 2 / cells.size
    drawn = np.random.default_rng(SEED).dirichlet(prior, size=DRAWS).reshape(DRAWS, *cells.shape)
    by_class, values = _one_against_rest(cells).f(), _one_against_rest(drawn).f()
    rows, shares = cells.sum(axis=1), drawn.sum(axis=2)
    n = int(rows.sum())
    macro = float(by_class.mean())
    yield estimate("macro_f1", (macro, *around(macro, values.mean(axis=1))), n)
    weighted = float((by_class * rows).sum() / n)
    yield estimate("weighted_f1", (weighted, *around(weighted, (values * shares).sum(axis=1))), n)
    for place, name in enumerate(classes.names):
        if rows[place]:
            limits = around(float(by_class[place]), values[:, place])
            yield estimate("f1", (float(by_class[place]), *limits), int(rows[place]), f"class {name}")


def _one_against_rest(cells: Floats) -> Confusion:
    """Return the confusion of each class against all others, shape (..., classes), from (..., actual, predicted)."""
    tp = np.diagonal(cells, axis1=-2, axis2=-1)
    fn, fp = cells.sum(axis=-1) - tp, cells.sum(axis=-2) - tp
    return Confusion(tp, fp, fn, cells.sum(axis=(-2, -1))[..., None] - tp - fn - fp)


def _areas(classes: Classes, fewest: int) -> Iterator[Figure]:
    n = classes.codes.size
    moves, values = np.zeros(n), []
    for place, name in enumerate(classes.names):
        labels = classes.codes == place
        rows = int(np.count_nonzero(labels))
        if not fewest <= rows <= n - fewest:
            continue
        found = area(classes.scores[:, place], labels)
        values.append(found.value)
        moves += influences(classes.scores[:, place], labels)
        yield estimate("auc", (found.value, found.low, found.high), rows, f"class {name}")
    if values:
        value, error = float(np.mean(values)), float(moves.std(ddof=1)) / len(values) / np.sqrt(n)
        note = f"mean of {len(values)} of {len(classes.names)} classes"
        limits = max(value - Z * error, 0.0), min(value + Z * error, 1.0)
        yield estimate("macro_auc", (value, *limits), n, note=note)


def _by_class(classes: Classes, table: Integers) -> Iterator[Figure]:
    counts, names = table.tolist(), classes.names
    for place, name in enumerate(names):
        actual, said = sum(counts[place]), sum(row[place] for row in counts)
        if actual:
            yield proportion("recall", counts[place][place], actual, f"class {name}")
        if said:
            yield proportion("precision", counts[place][place], said, f"class {name}")
        if actual and len(names) <= MOST_SHOWN:
            for other, count in zip(names, counts[place], strict=True):
                yield proportion("confusion", count, actual, f"actual {name}, predicted {other}")
