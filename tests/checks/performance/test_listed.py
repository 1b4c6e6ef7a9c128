"""Every check of performance keeps the laws that third parties' checks are held to."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from muster.checks.kit import assert_lawful, credit_sample
from muster.checks.performance.listed import PERFORMANCE
from muster.columns.sample import Sample

ASKED = {
    "performance.value": {
        "currency": "EUR", "true_positive": 0, "false_positive": -40, "true_negative": 100, "false_negative": -900,
    },
    "performance.comparison": {"benchmark": "rival"},
    "performance.stability": {"period": "quarter"},
}  # fmt: skip


def sample_for(name: str) -> Sample:
    generator = np.random.default_rng(4)
    names = {"name": "t", "digest": "sha256:00", "role": "held-out"}
    if name == "performance.multiclass":
        scores = generator.dirichlet(np.ones(3), 400)
        table = pa.table({"grade": [str(generator.choice(3, p=row)) for row in scores]})
        return Sample.of_classes(table, scores, ("0", "1", "2"), target="grade", **names)
    if name == "performance.regression":
        actual = generator.gamma(2.0, 3.0, 300)
        predicted = actual + generator.normal(0, 1, 300)
        return Sample.of_amounts(pa.table({"price": actual}), predicted, target="price", **names)
    sample = credit_sample()
    rival = np.clip(sample.scores + generator.normal(0, 0.05, sample.rows), 0, 1)
    return replace(sample, table=sample.table.append_column("rival", pa.array(rival)), time="applied")


@pytest.mark.parametrize("check", PERFORMANCE, ids=lambda check: check.name)
def test_checks_keep_the_laws(check: object) -> None:
    found = assert_lawful(check, ASKED.get(check.name, {}), sample_for(check.name))
    assert found.figures
    assert found.method
