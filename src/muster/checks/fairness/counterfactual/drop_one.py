"""Drop one: which input carries the difference between groups, found by taking each away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from muster.checks.declare import check
from muster.checks.fairness.counterfactual.changed import changed, choose, rescorer_of
from muster.checks.fairness.reference import PARAMETERS, Compared, compare
from muster.checks.parameters import names, whole
from muster.checks.rescored import decide, inputs_of
from muster.columns.arrow import Bools, Floats, Integers, column_of, is_number, texts
from muster.columns.rescoring import rescored
from muster.columns.sample import Sample
from muster.columns.statistics.intervals import ratio
from muster.columns.statistics.parity.resample import DRAWS, SEED, percentiles, redraw
from muster.records.evidence import Figure, Measurement

MOST_ROWS = 10_000

METHOD = (
    "Each input in turn is given one value for all, its median or most frequent category, and rows are scored again by "
    "the same model at the same threshold, on {rows} rows; groups against {reference} ({how}). impact_ratio_without: "
    "the ratio then, interval as in fairness.impact_ratio. impact_ratio_change: how much it rises, percentile interval "
    "of {draws} draws of the counts of both decisions (seed {seed}); above 0, the input carries some of the "
    "difference. A model fitted anew without the input may use another in its place: see fairness.proxy. n is the "
    "number of rows of the group."
)


@check("fairness.drop_one", version=1, required=("attribute",), parameters=(*PARAMETERS, "columns", "rows"))
def drop_one(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Take each input away from the model and see how the impact ratio of each group moves.

    Parameters as in ``fairness.impact_ratio``; ``columns``: the inputs to take away, one at a time (all); ``rows``: at
    most so many rows are used (10,000). Needs the model beside the sample.
    """
    columns = names(parameters, "columns") if "columns" in parameters else inputs_of(sample)
    if unread := [column for column in columns if column not in inputs_of(sample)]:
        msg = f"the model does not read {', '.join(unread)}; it reads {', '.join(sample.inputs)}"
        raise ValueError(msg)
    compared = compare(sample, parameters)
    chosen = choose(np.arange(sample.rows), whole(parameters, "rows", MOST_ROWS, least=100))
    rescorer = rescorer_of(sample, chosen)
    table = sample.table.take(chosen)
    before = decide(sample.rule, sample.scores[chosen])
    codes = compared.grouping.codes[chosen]
    figures: list[Figure] = []
    for column in columns:
        same = pa.chunked_array([_same(sample.table, column)]).take(np.zeros(chosen.size, dtype=np.int64))
        after = decide(sample.rule, rescored(rescorer, changed(table, {column: same})))
        figures += _figures(compared, column, _cells(compared, codes, before, after))
    label = compared.grouping.label(compared.reference)
    method = METHOD.format(rows=chosen.size, reference=label, how=compared.how, draws=DRAWS, seed=SEED)
    return Measurement(tuple(figures), method=method)


def _same(table: pa.Table, name: str) -> Any:
    """Return the one value, in the column's own type: a middle value that occurs, or the most frequent."""
    column = column_of(table, name)
    if is_number(column.type):
        present = column.drop_null()
        if not len(present):
            return pa.nulls(1, column.type)
        place: Any = pc.array_sort_indices(present)[len(present) // 2]
        return pa.array([present[place.as_py()].as_py()], column.type)
    counted: Any = pc.value_counts(texts(table, name))
    most = min(counted.to_pylist(), key=lambda row: (-row["counts"], str(row["values"])))["values"]
    return pa.array([most], pa.string()).cast(column.type)


def _cells(compared: Compared, codes: Any, before: Bools, after: Bools) -> Integers:
    """Count rows by group and both decisions, shape (groups, 2, 2): before, after."""
    places = codes.astype(np.int64) * 4 + before * 2 + after
    groups = len(compared.sizes)
    return np.bincount(places, minlength=4 * groups).astype(np.int64).reshape(groups, 2, 2)


def _figures(compared: Compared, column: str, cells: Integers) -> Iterator[Figure]:
    reference = compared.reference
    sizes, after = cells.sum(axis=(1, 2)), cells[:, :, 1].sum(axis=1)
    changes, drawn = _change(cells[None], reference)[0], _change(redraw(cells), reference)
    for code in compared.asked:
        label, n = f"{column}: {compared.grouping.label(code)}", int(sizes[code])
        if code == reference:
            continue
        if after[reference] == 0 or n == 0:
            note = "nobody in the reference group is favoured without it, or nobody is here: nothing is known"
            yield Figure("impact_ratio_without", 0.0, 0, None, None, label, note)
            continue
        hits, standard = int(after[code]), (int(after[reference]), int(sizes[reference]))
        low, high = ratio(hits, n, *standard)
        value = hits / n / (standard[0] / standard[1])
        yield Figure("impact_ratio_without", value, n, float(low), float(high), label)
        change = float(changes[code])
        yield Figure("impact_ratio_change", change, n, *percentiles(change, drawn[:, code]), label)


def _change(cells: Integers, reference: int) -> Floats:
    """Return the impact ratio after less that before, shape (draws, groups); NaN where a rate does not exist."""
    sizes = cells.sum(axis=(2, 3)).astype(np.float64)
    sizes[sizes == 0] = np.nan
    ratios = []
    for favoured in (cells[:, :, 1, :].sum(axis=2), cells[:, :, :, 1].sum(axis=2)):
        rates = favoured / sizes
        standard = rates[:, [reference]]
        ratios.append(rates / np.where(standard > 0, standard, np.nan))
    found: Floats = ratios[1] - ratios[0]
    return found
