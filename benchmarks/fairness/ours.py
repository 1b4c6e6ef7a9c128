"""Six metrics of every group, overall, their differences and ratios: from one table of integer counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from muster.columns.sample import Sample
from muster.columns.statistics.parity.cells import Cells
from muster.columns.statistics.parity.crossing import cross
from muster.columns.statistics.parity.resample import redraw
from muster.records.model import DecisionRule, Favourable

RULE = DecisionRule(0.5, Favourable.AT_LEAST)


def measure(table: pa.Table, draws: int = 0) -> dict[str, float]:
    """Return every value by ``metric|group``; with draws, limits of 95 % intervals too, by ``metric|group|low``."""
    sample = Sample.of(table, "score", RULE, name="bench", digest="", role="bench", target="label")
    grouping = cross([sample.groups("sex"), sample.groups("race")])
    cells = Cells.of(grouping, sample.qualified, sample.favourable)
    # Unknown membership is the last group; nobody is in it here.
    found = _named(_rates(cells.counts[:-1].astype(np.float64)), grouping.names)
    if draws:
        drawn = _rates(redraw(cells.counts[:-1], draws).astype(np.float64))
        for end, at in (("low", 0.025), ("high", 0.975)):
            limits = {metric: np.quantile(values, at, axis=0) for metric, values in drawn.items()}
            found |= {f"{name}|{end}": value for name, value in _named(limits, grouping.names).items()}
    return found


def _rates(counts: Any) -> dict[str, Any]:
    """Return six metrics by group, then overall, their difference and ratio, shape (..., groups + 3)."""
    everybody = np.concatenate((counts, counts.sum(axis=-3, keepdims=True)), axis=-3)
    (tn, fp), (fn, tp) = ([everybody[..., row, column] for column in (0, 1)] for row in (0, 1))
    rates = {
        "accuracy": (tp + tn) / (tp + tn + fp + fn),
        "selection_rate": (tp + fp) / (tp + tn + fp + fn),
        "true_positive_rate": tp / (tp + fn),
        "false_positive_rate": fp / (fp + tn),
        "false_negative_rate": fn / (tp + fn),
        "true_negative_rate": tn / (fp + tn),
    }
    return {name: np.concatenate((values, _spread(values[..., :-1])), axis=-1) for name, values in rates.items()}


def _spread(by_group: Any) -> Any:
    low, high = by_group.min(axis=-1), by_group.max(axis=-1)
    return np.stack((high - low, low / high), axis=-1)


def _named(rates: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, float]:
    places = (*names[:-1], "overall", "difference", "ratio")
    return {
        f"{metric}|{place}": value
        for metric, values in rates.items()
        for place, value in zip(places, values.tolist(), strict=True)
    }


def count(codes: Any, labels: Any, predicted: Any) -> Any:
    """Count rows that are codes already: what no design can do without."""
    return np.bincount(codes * 4 + labels * 2 + predicted, minlength=40)


def apart(found: Mapping[str, float], theirs: Any) -> float:
    """Return the largest difference to the peer's values; raise ValueError where names differ."""
    if found.keys() != theirs.keys():
        msg = f"not the same values: {sorted(found.keys() ^ theirs.keys())}"
        raise ValueError(msg)
    return max(abs(value - theirs[name]) for name, value in found.items())
