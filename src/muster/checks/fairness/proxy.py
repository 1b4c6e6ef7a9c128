"""Proxies: how well the model's inputs, one by one and together, give away who belongs to a group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from muster.checks.declare import check
from muster.checks.parameters import bands, names, text, whole
from muster.columns.arrow import Bools, Floats
from muster.columns.sample import Sample
from muster.columns.statistics.grouping import Grouping
from muster.columns.statistics.logistic import out_of_fold
from muster.columns.statistics.parity.design import encode
from muster.columns.statistics.ranking import Area, area, areas
from muster.records.evidence import Figure, Measurement

FOLDS = 5
SEED = 20240229
MOST_ROWS = 10_000

METHOD = (
    "Each group against all other rows, on {rows} rows{chosen}. Single inputs: area under the ROC curve in "
    "whichever direction is over 0.5, for the group that the input tells best; the indicators of a category "
    "column count as single inputs. Together: {folds}-fold cross-validated logistic regression on standardised "
    "inputs, scores of rows that were not fitted; where there is nothing to find, they err a little below 0.5. "
    "DeLong's intervals, which take the fits as given; a stronger learner may recover more. Rows of unknown group "
    "are left out."
)


@check("fairness.proxy", version=2, required=("attribute",), parameters=("bands", "minimum_group", "rows", "without"))
def proxy(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Measure how well inputs predict groups, one by one (``proxy_auc``) and together (``joint_proxy_auc``).

    ``attribute`` and ``bands`` as in ``fairness.impact_ratio``; ``minimum_group``: smaller groups are not predicted
    (30); ``rows``: at most so many rows are used, chosen by a fixed seed (10,000); ``without``: inputs suspected as
    proxies, to see how well the others predict without them (``joint_proxy_auc_without``). 0.5 is chance.
    """
    if not sample.inputs:
        msg = f"sample {sample.name!r} does not say which inputs the model reads"
        raise ValueError(msg)
    attribute = text(parameters, "attribute")
    grouping = sample.groups(attribute, bands(parameters, attribute))
    chosen = _choose(grouping, whole(parameters, "rows", MOST_ROWS, least=100))
    fewest = whole(parameters, "minimum_group", 30, least=2 * FOLDS)
    members = _members(grouping, chosen, fewest)
    table = sample.table.select(list(sample.inputs)).take(pa.array(chosen))
    matrices = {name: encode(table, name) for name in sample.inputs}
    figures = [*_single(matrices, members), *_joint("joint_proxy_auc", matrices, members)]
    if "without" in parameters:
        figures += _joint("joint_proxy_auc_without", _left(matrices, names(parameters, "without")), members)
    known = int(np.count_nonzero(grouping.codes != len(grouping.names) - 1))
    note = f" chosen by seed {SEED} of {known}" if chosen.size < known else ""
    method = METHOD.format(rows=chosen.size, chosen=note, folds=FOLDS, fewest=fewest)
    return Measurement(tuple(figures), method=method)


def _choose(grouping: Grouping, most: int) -> Any:
    known = np.flatnonzero(grouping.codes != len(grouping.names) - 1)
    if known.size <= most:
        return known
    return np.sort(np.random.default_rng(SEED).choice(known, size=most, replace=False))


def _members(grouping: Grouping, chosen: Any, fewest: int) -> dict[str, Bools]:
    codes = grouping.codes[chosen]
    sizes = np.bincount(codes, minlength=len(grouping.names))
    able = [code for code, size in enumerate(sizes.tolist()) if fewest <= size <= chosen.size - fewest]
    if not able:
        msg = f"no group of {grouping.attribute} has {fewest} rows inside and outside: there is nothing to predict"
        raise ValueError(msg)
    # Of two groups, one is the other's complement: predicting both would say the same twice.
    return {
        grouping.label(code): codes == code
        for code in (able[1:] if len(able) == 2 == np.count_nonzero(sizes) else able)
    }


def _single(matrices: Mapping[str, Floats], members: Mapping[str, Bools]) -> Iterator[Figure]:
    for name, matrix in matrices.items():
        found = [
            (abs(value - 0.5), group, place)
            for place, column in enumerate(matrix.T)
            for group, value in zip(members, areas(column, list(members.values())), strict=True)
        ]
        _, group, place = max(found)
        best = _folded(area(matrix[:, place], members[group]))
        yield Figure("proxy_auc", best.value, len(matrix), best.low, best.high, name, f"tells {group} best")


def _folded(found: Area) -> Area:
    if found.value >= 0.5:
        return found
    return Area(1 - found.value, 1 - found.high, 1 - found.low, found.error)


def _left(matrices: Mapping[str, Floats], without: tuple[str, ...]) -> dict[str, Floats]:
    if unread := [name for name in without if name not in matrices]:
        msg = f"the model does not read {', '.join(unread)}; it reads {', '.join(matrices)}"
        raise ValueError(msg)
    left = {name: matrix for name, matrix in matrices.items() if name not in without}
    if not left:
        msg = "no input is left to predict with: name fewer in without"
        raise ValueError(msg)
    return left


def _joint(name: str, matrices: Mapping[str, Floats], members: Mapping[str, Bools]) -> Iterator[Figure]:
    matrix = np.hstack(list(matrices.values()))
    for group, inside in members.items():
        found = area(out_of_fold(matrix, inside, folds=FOLDS, seed=SEED), inside)
        yield Figure(name, found.value, inside.size, found.low, found.high, group)
