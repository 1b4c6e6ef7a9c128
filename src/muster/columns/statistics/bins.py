"""Bins of one column, frozen from reference values so that later values can be counted against them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pyarrow.compute as pc

from muster.columns.arrow import Floats, Integers, Texts, places_of

MOST_BINS = 1000
MOST_CATEGORIES = 100
FEWEST_ROWS = 20
"""No bin or named category holds fewer reference rows than this, so that no person's value shows."""


def quantile_edges(values: Floats, *, most: int = MOST_BINS, fewest: int = FEWEST_ROWS) -> Floats:
    """Return increasing edges that cut the values into bins of about equal counts; bin i is (edge i-1, edge i].

    Quantiles, not equal widths: one sentinel such as 999,999,999 then costs one bin and hides nothing. A value that
    many rows share ends a bin. Edges are rounded to less than the distance of their neighbours.

    Parameters
    ----------
    values
        Reference values, shape (rows,); NaN and infinities are left out.
    most
        Largest number of bins.
    fewest
        Smallest number of values in a bin.

    Returns
    -------
    Floats
        At most ``most - 1`` edges; none where there are too few values for two bins.
    """
    ordered = np.sort(values[np.isfinite(values)])
    # Half as many again as a bin must hold: rounding moves edges a little, and few bins are then too small to keep.
    step = max(math.ceil(1.5 * fewest), math.ceil(ordered.size / most))
    least = max(fewest, step // 2)
    candidates = _rounded(np.unique(ordered[step - 1 : max(ordered.size - step, 0) : step]))
    up_to = np.searchsorted(ordered, candidates, side="right").tolist()
    kept, taken = [], 0
    for edge, count in zip(candidates.tolist(), up_to, strict=True):
        if count - taken >= least and ordered.size - count >= least:
            kept.append(edge)
            taken = count
    return np.asarray(kept, dtype=np.float64)


def count_numbers(values: Floats, edges: Floats) -> tuple[Integers, int]:
    """Count values in each bin, shape (edges + 1,), and those missing (NaN); infinities fall in the outer bins."""
    present = values[~np.isnan(values)]
    places = np.searchsorted(edges, present, side="left")
    return np.bincount(places, minlength=edges.size + 1).astype(np.int64), int(values.size - present.size)


def named_categories(
    values: Texts, declared: tuple[str, ...], *, most: int = MOST_CATEGORIES, fewest: int = FEWEST_ROWS
) -> tuple[str, ...]:
    """Return the categories to count by name: those declared and the most frequent others; the rest is *other*."""
    counted: Any = pc.value_counts(pc.drop_null(values))
    found: list[dict[str, Any]] = counted.to_pylist()
    known = set(declared)
    frequent = sorted((-row["counts"], row["values"]) for row in found if row["counts"] >= fewest)
    others = [text for _, text in frequent if text not in known]
    return tuple(sorted((*known, *others[: max(most - len(known), 0)])))


def count_texts(values: Texts, categories: tuple[str, ...]) -> tuple[Integers, int]:
    """Count values of each category and, last, of all others, shape (categories + 1,), and how many are missing."""
    present = pc.drop_null(values)
    counts = np.bincount(places_of(present, categories), minlength=len(categories) + 1).astype(np.int64)
    return counts, len(values) - len(present)


def _rounded(edges: Floats) -> Floats:
    """Round each edge to the power of ten under half the distance to its nearer neighbour."""
    if edges.size == 0:
        return edges
    if edges.size == 1:
        gaps = np.maximum(np.abs(edges), 1e-300) / 100
    else:
        steps = np.diff(edges)
        gaps = np.minimum(np.append(steps, np.inf), np.concatenate(([np.inf], steps)))
    places = -np.floor(np.log10(gaps / 2)).astype(int)
    rounded = [round(edge, place) + 0.0 for edge, place in zip(edges.tolist(), places.tolist(), strict=True)]
    return np.unique(np.asarray(rounded, dtype=np.float64))
