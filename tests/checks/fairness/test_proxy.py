from collections.abc import Callable
from functools import partial

import numpy as np
import pyarrow as pa
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict
from sklearn.preprocessing import StandardScaler
from tests.checks.measured import figures_of

from muster.checks.registry import measure
from muster.columns.sample import Sample
from muster.records.evidence import Outcome


def drawn(rows: int, seed: int) -> pa.Table:
    generator = np.random.default_rng(seed)
    group = generator.random(rows) < 0.3
    signal = generator.normal(group * 1.0, 1.0)
    signal[::50] = np.nan
    return pa.table(
        {
            "group": np.where(group, "b", "a"),
            "signal": signal,
            "other": generator.normal(group * -0.5, 1.0),
            "noise": generator.normal(size=rows),
            "letter": np.where(generator.random(rows) < np.where(group, 0.8, 0.3), "x", "y"),
        }
    )


figures = partial(figures_of, "fairness.proxy")


def sample_of(make_sample: Callable[..., Sample], table: pa.Table, *inputs: str) -> Sample:
    return make_sample(table=table, scores=np.full(table.num_rows, 0.1), target="", inputs=inputs)


def test_single_inputs_are_ranked_as_scikit_learn_ranks_them(make_sample: Callable[..., Sample]) -> None:
    table = drawn(2000, 1)
    found = figures(sample_of(make_sample, table, "other", "noise", "letter"), attribute="group")
    inside = np.asarray(table["group"]) == "b"
    expected = 1 - roc_auc_score(inside, table["other"].to_numpy())
    assert found["proxy_auc", "other"].value == pytest.approx(expected, rel=1e-12)
    assert found["proxy_auc", "letter"].value == pytest.approx(
        roc_auc_score(inside, np.asarray(table["letter"]) == "x"), rel=1e-12
    )
    assert found["proxy_auc", "noise"].low < 0.5 < found["proxy_auc", "noise"].high
    assert [group for name, group in found if name == "joint_proxy_auc"] == ["group=b"]


def test_joint_power_is_about_that_of_scikit_learn(make_sample: Callable[..., Sample]) -> None:
    table = drawn(2000, 2)
    found = figures(sample_of(make_sample, table, "other", "noise"), attribute="group")["joint_proxy_auc", "group=b"]
    inside = np.asarray(table["group"]) == "b"
    matrix = StandardScaler().fit_transform(np.column_stack([table["other"].to_numpy(), table["noise"].to_numpy()]))
    peer = cross_val_predict(LogisticRegression(), matrix, inside, cv=5, method="decision_function")
    assert found.value == pytest.approx(roc_auc_score(inside, peer), abs=0.01)


def test_together_they_tell_more_than_alone_and_missing_numbers_do_no_harm(make_sample: Callable[..., Sample]) -> None:
    found = figures(sample_of(make_sample, drawn(2000, 3), "signal", "other", "letter"), attribute="group")
    joint = found["joint_proxy_auc", "group=b"].value
    assert joint > max(found["proxy_auc", name].value for name in ("signal", "other", "letter")) + 0.02


def test_the_attribute_itself_among_the_inputs_tells_all(make_sample: Callable[..., Sample]) -> None:
    sample = make_sample(inputs=("age", "income"))
    found = figures(sample, attribute="age", bands=[25, 50])
    assert found["proxy_auc", "age"].value == 1.0
    assert found["proxy_auc", "age"].note == "tells age=under 25 best"
    assert found["joint_proxy_auc", "age=under 25"].value > 0.99


def test_others_may_predict_as_well_without_a_suspect(make_sample: Callable[..., Sample]) -> None:
    table = drawn(2000, 5)
    sample = sample_of(make_sample, table, "other", "letter", "noise")
    found = figures(sample, attribute="group", without=["letter"])
    alone = figures(sample_of(make_sample, table, "other", "noise"), attribute="group")
    without = found["joint_proxy_auc_without", "group=b"]
    assert without.value == alone["joint_proxy_auc", "group=b"].value
    assert 0.55 < without.value < found["joint_proxy_auc", "group=b"].value - 0.05
    refused = measure("fairness.proxy", sample, {"attribute": "group", "without": ["lettre"]})
    assert refused.reason == "the model does not read lettre; it reads other, letter, noise"
    nothing = measure("fairness.proxy", sample, {"attribute": "group", "without": ["other", "letter", "noise"]})
    assert "no input is left" in nothing.reason


def test_large_samples_are_thinned_by_a_fixed_seed(make_sample: Callable[..., Sample]) -> None:
    sample = sample_of(make_sample, drawn(2000, 4), "noise")
    found = measure("fairness.proxy", sample, {"attribute": "group", "rows": 500})
    assert all(figure.n == 500 for figure in found.figures)
    assert "on 500 rows chosen by seed" in found.method
    assert found == measure("fairness.proxy", sample, {"attribute": "group", "rows": 500})


def test_small_groups_are_not_predicted(make_sample: Callable[..., Sample]) -> None:
    table = pa.table({"g": ["a"] * 100 + ["b"] * 5, "x": np.arange(105.0)})
    found = measure("fairness.proxy", sample_of(make_sample, table, "x"), {"attribute": "g"})
    assert (found.outcome, "no group of g has 30 rows" in found.reason) == (Outcome.NOT_MEASURED, True)
