from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest
from sklearn.metrics import roc_auc_score

from muster.checks.fairness.scores.group_auc import group_auc
from muster.checks.kit import assert_lawful
from muster.columns.sample import Sample
from muster.records.evidence import Figure


def figures(sample: Sample, **parameters: object) -> dict[tuple[str, str], Figure]:
    measured = group_auc.measure(sample, parameters)
    assert not measured.reason
    return {(figure.name, figure.group): figure for figure in measured.figures}


def test_areas_are_those_of_scikit_learn(make_sample: Callable[..., Sample]) -> None:
    sample = make_sample()
    found = figures(sample, attribute="age", bands=[25], reference="25 and over")
    young = sample.table["age"].to_numpy() < 25
    values = {}
    for name, inside in (("age=under 25", young), ("age=25 and over", ~young)):
        values[name] = roc_auc_score(sample.labels[inside], sample.scores[inside])
        assert found["group_auc", name].value == pytest.approx(values[name], rel=1e-12)
    apart = found["auc_difference", "age=under 25"]
    assert apart.value == pytest.approx(abs(values["age=under 25"] - values["age=25 and over"]))
    assert apart.n == min(sample.labels[young].sum(), (~sample.labels[young]).sum())
    assert found["auc_difference", "age=25 and over"].high == 0.0


def test_a_model_that_fails_a_group_shows(make_sample: Callable[..., Sample]) -> None:
    sample = make_sample()
    north = np.asarray(sample.table["region"].to_pylist()) == "north"
    scores = np.where(north, sample.scores, np.random.default_rng(0).random(sample.rows))
    found = figures(make_sample(scores=scores), attribute="region", reference="north")
    assert found["group_auc", "region=south"].low < 0.5 < found["group_auc", "region=south"].high
    assert found["auc_difference", "region=south"].low > 0.05
    assert found["auc_difference", "region=south"].note == "lower than the reference group"


def test_a_group_with_one_outcome_is_assumed_the_worst(make_sample: Callable[..., Sample]) -> None:
    table = pa.table({"g": ["a"] * 60 + ["b"] * 10, "default": [0, 1] * 30 + [0] * 9 + [1]})
    sample = make_sample(table=table, scores=np.linspace(0.1, 0.25, 70), inputs=())
    found = figures(sample, attribute="g", reference="a")
    assert (found["group_auc", "g=b"].value, found["group_auc", "g=b"].n) == (0.0, 1)
    nothing = found["auc_difference", "g=b"]
    assert (nothing.value, nothing.n, nothing.low, nothing.high) == (1.0, 1, 0.0, 1.0)
    other = group_auc.measure(sample, {"attribute": "g", "reference": "b"})
    assert "does not hold two rows of each outcome" in other.reason


def test_perfect_ranking_in_a_small_group_keeps_a_wide_interval(make_sample: Callable[..., Sample]) -> None:
    table = pa.table({"g": ["a"] * 60 + ["b"] * 6, "default": [0, 1] * 30 + [0, 0, 0, 1, 1, 1]})
    scores = np.concatenate((np.random.default_rng(1).uniform(0, 0.28, 60), np.linspace(0.1, 0.28, 6)))
    found = figures(make_sample(table=table, scores=scores, inputs=()), attribute="g", reference="a")
    apart = found["auc_difference", "g=b"]
    assert found["group_auc", "g=b"].value == 1.0
    assert apart.high - apart.low > 0.3


def test_it_keeps_the_laws() -> None:
    assert_lawful(group_auc, {"attribute": "sex", "cross": ["region"]})
