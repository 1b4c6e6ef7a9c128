"""Decisions: how good they are at the threshold in use, by the measures that weigh both kinds of error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from muster.checks.declare import check
from muster.checks.figures import estimate, proportion
from muster.checks.parameters import number
from muster.columns.sample import Sample
from muster.columns.statistics.scoring.confusion import DRAWS, SEED, Confusion, around
from muster.records.evidence import Figure, Measurement

METHOD = (
    "Counts of decisions at the threshold against labels; each row counts once. Shares with Wilson's interval; "
    "F, Matthews correlation, kappa and balanced accuracy with the 95 % interval of {draws} draws of the counts "
    "(Dirichlet, half a count added to each cell, seed {seed}). F-beta with beta {beta:g}. A share without rows to "
    "take it of is not given."
)


@check("performance.decisions", version=1, parameters=("beta",))
def decisions(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Measure decisions at the threshold: precision, recall, specificity, F, Matthews correlation, kappa.

    ``beta``: how much more recall counts than precision in ``f_beta``, 0.01 to 100 (1).
    """
    beta = number(parameters, "beta", 1.0, least=0.01, most=100)
    table = Confusion.of(sample.predicted, sample.labels)
    figures = (*_shares(table), *_summaries(table, beta, sample.rows))
    return Measurement(figures, method=METHOD.format(draws=DRAWS, seed=SEED, beta=beta))


def _shares(table: Confusion) -> Iterator[Figure]:
    tp, fp, fn, tn = (int(count) for count in (table.tp, table.fp, table.fn, table.tn))
    shares = {
        "precision": (tp, tp + fp),
        "recall": (tp, tp + fn),
        "specificity": (tn, tn + fp),
        "negative_predictive_value": (tn, tn + fn),
        "accuracy": (tp + tn, tp + fp + fn + tn),
        "predicted_positive_rate": (tp + fp, tp + fp + fn + tn),
    }
    for name, (hits, trials) in shares.items():
        if trials:
            yield proportion(name, hits, trials)


def _summaries(table: Confusion, beta: float, rows: int) -> Iterator[Figure]:
    drawn = table.drawn()
    pairs = {
        "f_beta": (table.f(beta), drawn.f(beta)),
        "matthews_correlation": (table.matthews, drawn.matthews),
        "kappa": (table.kappa, drawn.kappa),
        "balanced_accuracy": (table.balanced, drawn.balanced),
    }
    for name, (value, values) in pairs.items():
        yield estimate(name, (float(value), *around(float(value), values)), rows)
