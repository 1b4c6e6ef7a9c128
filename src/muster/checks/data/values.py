"""Values that stand for something else: constants, and sentinels such as 999999, -1 or 666 among real numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from muster.checks.data.asked import columns_of, rows_of
from muster.checks.declare import check
from muster.checks.figures import exact, proportion
from muster.checks.parameters import number, whole
from muster.columns.arrow import Floats, Integers, column_of, floats, is_number, texts
from muster.columns.sample import Sample
from muster.columns.statistics.bins import FEWEST_ROWS
from muster.records.evidence import Figure, Measurement

METHOD = (
    "A column is constant when all its values are equal. A number is taken for a sentinel when at least {fewest} rows "
    "hold it and it is (a) the only negative value; (b) written with one digit repeated three times or more, or 99 or "
    "-99, and {spike:g} times as frequent as its neighbours in order; or (c) the least or greatest value, further from "
    "the next than three times any other gap and than the interquartile range of the others. A human must say what it "
    "means. Wilson's intervals."
)

CODE = re.compile(r"-?(\d)\1{2,}(?:\.\d)?|-?99|-?9{2,}[678]")
"""How sentinels are usually written: 666, 999, -999, 99999; also 9998 and the like, one number short of a row of 9."""

NEIGHBOURS = 5
"""Different values to each side with which a frequency is compared."""


@check("data.values", version=1, parameters=("columns", "fewest", "spike"))
def values(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Find constant columns and sentinel values: ``constant_columns``, ``sentinel_columns`` and shares of rows.

    ``columns``: which to look at (the model's inputs); ``fewest``: a sentinel is in so many rows at least (10, or
    one row in a thousand where that is more); ``spike``: how much more frequent than its neighbours it must be (5).
    """
    total = rows_of(sample)
    names, spike = columns_of(sample, parameters), number(parameters, "spike", 5.0, least=1.5, most=1e6)
    fewest = whole(parameters, "fewest", max(10, total // 1000))
    tops, constant, found = [], [], []
    for name in names:
        top = _top(sample.table, name, total)
        tops.append(top)
        if top.value == 1.0:
            constant.append(name)
        elif is_number(column_of(sample.table, name).type):
            found += [
                proportion("sentinel_share", count, total, f"{name}={value:.10g}", why)
                for value, count, why in sentinels(floats(sample.table, name), fewest, spike)
            ]
    marked = sorted({figure.group.rpartition("=")[0] for figure in found})
    counted = (
        exact("constant_columns", len(constant), total, note=", ".join(constant)),
        exact("sentinel_columns", len(marked), total, note=", ".join(marked)),
    )
    return Measurement((*counted, *tops, *found), method=METHOD.format(fewest=fewest, spike=spike))


def sentinels(numbers: Floats, fewest: int, spike: float) -> Iterator[tuple[float, int, str]]:
    """Yield suspected sentinels of a column with their count and the reason, in increasing order.

    Parameters
    ----------
    numbers
        Shape (rows,); NaN and infinities are left out.
    fewest
        Smallest count of a sentinel.
    spike
        Smallest ratio of its count to the mean count of its neighbours in order.
    """
    different, counts = np.unique(numbers[np.isfinite(numbers)], return_counts=True)
    if different.size < 3:
        return
    for place in np.flatnonzero(counts >= fewest).tolist():
        if why := _reason(different, counts, place, spike):
            yield float(different[place]), int(counts[place]), why


def _reason(different: Floats, counts: Integers, place: int, spike: float) -> str:
    value = float(different[place])
    if value < 0 and different[1] >= 0:
        return "the only negative value"
    around = np.delete(counts[max(0, place - NEIGHBOURS) : place + NEIGHBOURS + 1], min(place, NEIGHBOURS))
    if CODE.fullmatch(f"{value:.10g}") and counts[place] >= spike * around.mean():
        return f"{counts[place] / around.mean():.0f} times as frequent as its neighbours"
    return _apart(different, place)


def _apart(different: Floats, place: int) -> str:
    """Say whether the least or greatest value stands alone: far beyond any gap and the middle half of the others."""
    last = different.size - 1
    if place not in (0, last) or different.size < NEIGHBOURS:
        return ""
    rest = different[1:] if place == 0 else different[:-1]
    gap = abs(different[place] - (rest[0] if place == 0 else rest[-1]))
    quarter, three = np.percentile(rest, (25, 75))
    return f"{gap:g} from the next value" if gap > max(3 * np.diff(rest).max(), three - quarter) else ""


def _top(table: pa.Table, name: str, total: int) -> Figure:
    column = texts(table, name) if not is_number(column_of(table, name).type) else column_of(table, name)
    encoded: Any = column.combine_chunks().dictionary_encode(null_encoding="encode")
    counts = np.bincount(np.asarray(encoded.indices.to_numpy(zero_copy_only=False)))
    place = int(np.argmax(counts))
    value = encoded.dictionary[place].as_py()
    # What few people share is theirs, and evidence is kept for ever.
    shown = f"value {'missing' if value is None else value}" if counts[place] >= FEWEST_ROWS else ""
    return proportion("top_value_share", int(counts[place]), total, name, shown)
