from collections.abc import Callable
from functools import partial

import numpy as np
import pyarrow as pa
import pytest
from sklearn.metrics import confusion_matrix
from tests.checks.measured import figures_of

from muster.checks.registry import measure
from muster.columns.sample import Sample
from muster.columns.statistics.intervals import difference
from muster.records.evidence import Outcome

AGE = {"attribute": "age", "bands": [25, 50]}


figures = partial(figures_of, "fairness.error_rates")


def test_rates_and_differences_are_those_of_confusion_matrices(make_sample: Callable[..., Sample]) -> None:
    sample = make_sample()
    found, ages = figures(sample, **AGE), sample.table["age"].to_numpy()
    cells = {}
    for name, inside in (("under 25", ages < 25), ("50 and over", ages >= 50)):
        cells[name] = confusion_matrix(~sample.labels[inside], sample.scores[inside] < 0.3).ravel()
        tn, fp, fn, tp = cells[name]
        assert found["true_favourable_rate", f"age={name}"].value == tp / (tp + fn)
        assert found["false_favourable_rate", f"age={name}"].value == fp / (fp + tn)
    tn, fp, fn, tp = cells["under 25"]
    rn, rp, sn, sp = cells["50 and over"]
    opportunity = found["equal_opportunity_difference", "age=under 25"]
    assert opportunity.value == abs(tp / (tp + fn) - sp / (sp + sn))
    assert (opportunity.n, opportunity.note) == (tp + fn, "lower than the reference group")
    low, high = difference(tp, tp + fn, sp, sp + sn)
    assert (opportunity.low, opportunity.high) == (-high, -low)
    false = abs(fp / (fp + tn) - rp / (rp + rn))
    assert found["equalised_odds_difference", "age=under 25"].value == max(opportunity.value, false)
    assert found["equal_opportunity_difference", "age=50 and over"].high == 0.0


def test_a_group_in_which_nobody_deserves_it_is_assumed_the_worst(make_sample: Callable[..., Sample]) -> None:
    groups = np.repeat(["a", "b", "c"], [100, 100, 10])
    defaults = np.concatenate((np.arange(200) % 3 == 0, np.ones(10))).astype(np.int64)
    table = pa.table({"g": groups, "default": defaults})
    scores = np.where(np.arange(210) % 2 == 0, 0.1, 0.8)
    found = figures(make_sample(table=table, scores=scores, inputs=()), attribute="g", reference="a")
    unknown = found["equal_opportunity_difference", "g=c"]
    assert (unknown.value, unknown.n, unknown.low, unknown.high) == (1.0, 0, 0.0, 1.0)
    assert found["equalised_odds_difference", "g=c"].value == 1.0
    assert ("true_favourable_rate", "g=c") not in found


def test_a_reference_without_such_people_is_no_reference(make_sample: Callable[..., Sample]) -> None:
    table = pa.table({"g": ["a"] * 40 + ["b"] * 40, "default": [0] * 40 + [0, 1] * 20})
    found = measure(
        "fairness.error_rates", make_sample(table=table, scores=np.full(80, 0.1), inputs=()), {"attribute": "g"}
    )
    assert found.outcome is Outcome.NOT_MEASURED
    assert found.reason == "the reference group g=a has nobody to measure the false_favourable_rate on"


def test_equal_treatment_is_not_called_unequal(make_sample: Callable[..., Sample]) -> None:
    held = 0
    for seed in range(40):
        found = figures(make_sample(800, seed=seed), attribute="region")
        held += all(figure.low == 0 for (name, _), figure in found.items() if name == "equal_opportunity_difference")
    assert held >= 35


def test_labels_are_needed(make_sample: Callable[..., Sample]) -> None:
    found = measure("fairness.error_rates", make_sample(target=""), AGE)
    assert (found.outcome, "has no labels" in found.reason) == (Outcome.NOT_MEASURED, True)


@pytest.mark.parametrize("value", [3, ["age"]])
def test_attribute_is_one_name(value: object, make_sample: Callable[..., Sample]) -> None:
    assert (
        "parameter attribute must be text"
        in measure("fairness.error_rates", make_sample(), {"attribute": value}).reason
    )
