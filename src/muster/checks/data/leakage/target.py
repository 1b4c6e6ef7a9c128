"""Target leakage: an input that alone tells the outcome almost perfectly was probably written down after it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from muster.checks.data.asked import columns_of
from muster.checks.declare import check
from muster.columns.arrow import Bools, Floats, column_of, floats, is_number, places_of, texts
from muster.columns.sample import Sample
from muster.columns.statistics.bins import named_categories
from muster.columns.statistics.ranking import Area, area
from muster.records.evidence import Figure, Measurement

METHOD = (
    "Area under the ROC curve of each column alone against the label, in whichever direction is over 0.5, with "
    "DeLong's interval. Missing numbers are tried below and above all others; categories are ranked by their own rate "
    "of positive labels, rare ones together, which errs on the high side where categories are many."
)


@check("data.target_leakage", version=1, parameters=("columns",))
def target_leakage(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Measure how well single columns tell the label: ``single_auc`` of each, and ``highest_single_auc``.

    ``columns``: which to look at (the model's inputs). A value near 1 is seldom skill: ask when the column was known.
    """
    labels = sample.labels
    figures = [_figure(sample.table, name, labels) for name in columns_of(sample, parameters)]
    top = max(figures, key=lambda figure: figure.value)
    highest = Figure("highest_single_auc", top.value, top.n, top.low, top.high, note=f"column {top.group}")
    return Measurement((highest, *figures), method=METHOD)


def _figure(table: pa.Table, name: str, labels: Bools) -> Figure:
    found, how = max(
        ((_folded(area(ranking, labels)), how) for ranking, how in _rankings(table, name, labels)),
        key=lambda pair: pair[0].value,
    )
    return Figure("single_auc", found.value, labels.size, found.low, found.high, name, how)


def _rankings(table: pa.Table, name: str, labels: Bools) -> Iterator[tuple[Floats, str]]:
    kind = column_of(table, name).type
    if not (is_number(kind) or pa.types.is_boolean(kind)):
        yield _rates(table, name, labels), "by the rate of each category"
        return
    values = floats(table, name)
    absent = np.isnan(values)
    yield np.where(absent, -np.inf, values), "missing values lowest" if absent.any() else ""
    if absent.any():
        yield np.where(absent, np.inf, values), "missing values highest"
        yield absent.astype(np.float64), "by whether it is missing alone"


def _rates(table: pa.Table, name: str, labels: Bools) -> Floats:
    values = texts(table, name)
    categories = named_categories(values, ())
    places = places_of(values, categories)
    sizes = np.bincount(places, minlength=len(categories) + 1)
    rates: Floats = np.bincount(places[labels], minlength=sizes.size) / np.maximum(sizes, 1)
    return rates[places]


def _folded(found: Area) -> Area:
    return found if found.value >= 0.5 else Area(1 - found.value, 1 - found.high, 1 - found.low, found.error)
