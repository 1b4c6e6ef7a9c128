from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from sklearn.metrics import log_loss
from tests.checks.measured import figures_of

from muster.checks.registry import measure
from muster.columns.sample import Sample

MakeSample = Callable[..., Sample]


figures = partial(figures_of, "performance.slices")


def test_a_planted_weakness_in_a_pair_of_columns_comes_first(make_sample: MakeSample) -> None:
    sample = make_sample()
    young = np.asarray(sample.table.column("age")) < 30
    north = np.asarray(sample.table.column("region").to_pylist()) == "north"
    scores = np.where(young & north, 1 - sample.scores, sample.scores)
    found = figures(make_sample(scores=scores), columns=["age", "region", "income"], loss="log_loss")
    worst = next(group for name, group in found if name == "slice_gap")
    assert worst.startswith("age up to 2")
    assert worst.endswith("region north")
    gap = found["slice_gap", worst]
    assert gap.low > 0.1
    assert found["slice_p", worst].value < 1e-4
    assert found["slices_worse", ""].value >= 1
    labels = sample.labels
    assert found["overall_loss", ""].value == pytest.approx(log_loss(labels, scores))


def test_the_default_loss_is_a_wrong_decision_and_columns_are_the_inputs(make_sample: MakeSample) -> None:
    sample = make_sample()
    found = figures(sample, depth=1)
    wrong = (sample.scores >= 0.3) != sample.labels
    assert found["overall_loss", ""].value == pytest.approx(wrong.mean())
    assert {group.split()[0] for _, group in found if group} == {"income", "region"}
    gap = found["slice_gap", "region north"]
    north = np.asarray(sample.table.column("region").to_pylist()) == "north"
    assert gap.value == pytest.approx(wrong[north].mean() - wrong[~north].mean())
    assert gap.n == north.sum()


def test_what_cannot_be_sliced_says_why(make_sample: MakeSample) -> None:
    assert (
        "no slice has 100 rows inside and outside, of 60" in measure("performance.slices", make_sample(60), {}).reason
    )
    assert "does not say which inputs" in measure("performance.slices", make_sample(inputs=()), {}).reason
    assert "one of error, log_loss, brier" in measure("performance.slices", make_sample(), {"loss": "cost"}).reason
