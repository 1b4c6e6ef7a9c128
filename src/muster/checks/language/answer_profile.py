"""Answer profile: whether a hosted model still answers the canaries as it did when they were first asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from muster.checks.declare import check
from muster.checks.figures import proportion
from muster.columns.arrow import column_of
from muster.columns.sample import Sample
from muster.records.evidence import Measurement

METHOD = (
    "Each canary is asked at temperature 0 and held against the answers that it got first. Its text has changed if no "
    "answer is word for word one of those; its profile, if none even names the same packages at about the same length. "
    "Wilson's interval."
)


@check("hosted.answer_profile", version=1)
def answer_profile(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Measure which share of canaries is answered otherwise than at first: ``changed_profile`` and ``changed_text``."""
    del parameters
    if not sample.rows:
        msg = f"sample {sample.name!r} has no canaries"
        raise ValueError(msg)
    figures = []
    for name in ("changed_profile", "changed_text"):
        changed = np.asarray(column_of(sample.table, name).to_pylist(), dtype=np.bool_)
        figures.append(proportion(name, int(changed.sum()), changed.size))
    return Measurement(tuple(figures), method=METHOD)
