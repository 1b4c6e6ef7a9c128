from collections.abc import Callable

import numpy as np
import pytest
from sklearn.metrics import precision_score

from muster.checks.fairness.predictive_parity import predictive_parity
from muster.checks.kit import assert_lawful, credit_sample
from muster.columns.sample import Sample


def test_precisions_are_those_of_scikit_learn(make_sample: Callable[..., Sample]) -> None:
    sample = make_sample()
    measured = predictive_parity.measure(sample, {"attribute": "age", "bands": [25], "reference": "25 and over"})
    found = {(figure.name, figure.group): figure for figure in measured.figures}
    young, paid, approved = sample.table["age"].to_numpy() < 25, ~sample.labels, sample.scores < 0.3
    values = {}
    for name, positive in (("favourable_precision", True), ("adverse_precision", False)):
        for group, inside in (("under 25", young), ("25 and over", ~young)):
            values[name, group] = precision_score(paid[inside], approved[inside], pos_label=positive)
            assert found[name, f"age={group}"].value == pytest.approx(values[name, group], rel=1e-14)
            assert found[name, f"age={group}"].n == (approved[inside] == positive).sum()
    apart = found["predictive_parity_difference", "age=under 25"]
    assert apart.value == pytest.approx(
        abs(values["favourable_precision", "under 25"] - values["favourable_precision", "25 and over"])
    )


def test_it_keeps_the_laws() -> None:
    assert_lawful(predictive_parity, {"attribute": "sex", "cross": ["region"]}, credit_sample(3000))


def test_a_group_in_which_nobody_is_refused_is_assumed_the_worst(make_sample: Callable[..., Sample]) -> None:
    sample = make_sample()
    favourable = sample.favourable | (sample.table["age"].to_numpy() < 25)
    decided = make_sample(favourable=favourable)
    measured = predictive_parity.measure(decided, {"attribute": "age", "bands": [25], "reference": "25 and over"})
    found = {(figure.name, figure.group): figure for figure in measured.figures}
    nobody = found["adverse_precision_difference", "age=under 25"]
    assert (nobody.value, nobody.n) == (1.0, 0)
    assert np.isfinite(found["predictive_parity_difference", "age=under 25"].value)
