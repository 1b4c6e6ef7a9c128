"""A sample of loans with a served model that explains itself beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
from tests.columns.explanation.models import INPUTS, LINEAR, REASONS, explainer, people

from muster.columns.forms import Form
from muster.columns.sample import Sample
from muster.records.model import DecisionRule, Favourable
from muster.records.policy import ReasonMap

COMPLETE = replace(
    REASONS,
    factors=(
        *(replace(factor, nameable=True, statement=factor.statement or "Region") for factor in REASONS.factors),
        replace(REASONS.factors[0], id="age", columns=("age",), statement="Length of life so far", changeable=False),
    ),
)
"""A map with words for everything, even for what no house should name."""


def loans(rows: int = 600, form: Form = LINEAR, reasons: ReasonMap = REASONS, seed: int = 0, **more: Any) -> Sample:
    table = people(rows, seed)
    middle = float(np.median(explainer(form)(table)))
    rule = DecisionRule(middle, Favourable.BELOW)
    model = explainer(form, rule, reasons)
    scores = model(table)
    table = table.append_column("unpaid", pa.array((np.random.default_rng(seed).random(rows) < scores).astype(int)))
    given = {"name": "loans", "digest": "sha256:00", "role": "held-out", "inputs": INPUTS, "target": "unpaid", **more}
    return Sample.of(table, scores, rule, **given).beside(rescorer=model)
