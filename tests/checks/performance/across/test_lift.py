from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from tests.checks.measured import figures_of

from muster.checks.registry import measure
from muster.columns.sample import Sample
from muster.records.evidence import Outcome

figures = partial(figures_of, "performance.lift")


def test_lift_is_counted_from_the_top(make_sample: Callable[..., Sample]) -> None:
    sample = make_sample()
    found = figures(sample)
    top = np.argsort(-sample.scores)[:400]
    hits = sample.labels[top].sum()
    assert found["gain", "top 10 %"].value == pytest.approx(hits / sample.labels.sum())
    assert found["lift", "top 10 %"].value == pytest.approx(sample.labels[top].mean() / sample.labels.mean())
    assert found["lift", "top 10 %"].low > 1.2
    assert found["gain", "top 100 %"].value == found["lift", "top 100 %"].value == 1.0
    assert found["gain", "top 1 %"].n == sample.labels.sum()


def test_a_score_that_says_nothing_lifts_nothing(make_sample: Callable[..., Sample]) -> None:
    found = figures(make_sample(scores=np.full(4000, 0.2)), depths=[0.25, 0.5])
    assert [found["lift", f"top {depth} %"].value for depth in (25, 50)] == pytest.approx([1.0, 1.0])


def test_depths_are_shares_above_0(make_sample: Callable[..., Sample]) -> None:
    found = measure("performance.lift", make_sample(50), {"depths": [0, 0.5]})
    assert found.outcome is Outcome.NOT_MEASURED
    assert "shares above 0" in found.reason
