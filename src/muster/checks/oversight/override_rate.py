"""Override rate: how often people decide otherwise than the model, and how much is left to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from muster.checks.declare import check
from muster.checks.figures import proportion
from muster.checks.parameters import bands, text
from muster.columns.arrow import Bools, texts
from muster.columns.sample import Sample
from muster.columns.statistics.grouping import UNKNOWN
from muster.columns.window import MODEL_SAID, PEOPLE_SAID
from muster.records.evidence import Figure, Measurement
from muster.records.governance.overrides import APPROVE, REFER, REFUSE

METHOD = (
    "Decisions of one version in a window, whether or not their outcome is known; what people last said of each "
    "counts. Wilson's intervals. n: of override_rate what the model decided, of referral_rate all, of answered_rate "
    "what was left to people. Overrides that nobody recorded are not seen.{groups}"
)


@check("oversight.override_rate", version=1, parameters=("attribute", "bands"), every_decision=True)
def override_rate(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Measure how often people decide otherwise than the model, and how much is left to people.

    Figures: ``override_rate`` of what the model decided, ``overridden_to_approve`` of what it refused,
    ``overridden_to_refuse`` of what it approved, ``referral_rate`` of all, ``answered_rate`` of what was left to
    people; overall and, where asked for, by group. ``attribute``: column that people are grouped by, where it is
    known; ``bands``: lower limits of its groups.
    """
    if MODEL_SAID not in sample.table.column_names or not sample.rows:
        msg = f"sample {sample.name!r} holds no decisions with what people made of them: this measures windows of a log"
        raise ValueError(msg)
    said = np.asarray(texts(sample.table, MODEL_SAID).to_pylist(), dtype=object)
    last = np.asarray([words or "" for words in texts(sample.table, PEOPLE_SAID).to_pylist()], dtype=object)
    figures = [*_figures(said, last, "")]
    attribute, groups = text(parameters, "attribute"), ""
    if attribute:
        grouping = sample.groups(attribute, bands(parameters, attribute))
        for code, name in enumerate(grouping.names):
            mine = grouping.codes == code
            if name != UNKNOWN and mine.any():
                figures += _figures(said[mine], last[mine], grouping.label(code))
        unknown = int(grouping.counts()[-1])
        groups = f" {attribute} is not known of {unknown} of {sample.rows} decisions, which are in no group."
    return Measurement(tuple(figures), method=METHOD.format(groups=groups))


def _figures(said: Any, last: Any, group: str) -> Iterator[Figure]:
    """Yield what can be told of some decisions; a rate of nothing is none."""
    approved, refused, left = said == APPROVE, said == REFUSE, said == REFER
    counts: tuple[tuple[str, Bools, Bools], ...] = (
        ("override_rate", ~left, (approved & (last == REFUSE)) | (refused & (last == APPROVE))),
        ("overridden_to_approve", refused, last == APPROVE),
        ("overridden_to_refuse", approved, last == REFUSE),
        ("referral_rate", np.ones_like(left, dtype=np.bool_), left),
        ("answered_rate", left, last != ""),
    )
    for name, among, hits in counts:
        if trials := int(np.count_nonzero(among)):
            yield proportion(name, int(np.count_nonzero(hits & among)), trials, group)
