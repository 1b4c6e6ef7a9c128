from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from muster.checks.kit import assert_lawful
from muster.checks.robustness.scenarios import scenarios
from muster.columns.sample import Sample
from muster.records.evidence import Outcome

MakeSample = Callable[..., Sample]

DOWNTURN = {
    "downturn": [{"column": "income", "multiply": 0.5, "share": 0.5}, {"column": "late", "add": 1}],
    "feed of regions fails": [{"column": "region", "set": "unknown"}],
}


def test_scenarios_are_data_and_each_is_measured(sample_of: MakeSample) -> None:
    sample = sample_of(400)
    found = assert_lawful(scenarios, {"scenarios": DOWNTURN, "rows": 400}, sample)
    figures = {(figure.group, figure.name): figure.value for figure in found.figures}
    assert figures["feed of regions fails", "refused_share"] == 1.0
    assert figures["downturn", "adverse_change_share"] == figures["downturn", "decision_change_share"] > 0.2
    late = {"late": [{"column": "late", "add": 1}]}
    (only,) = (
        figure
        for figure in scenarios.measure(sample, {"scenarios": late}).figures
        if figure.name == "adverse_change_share"
    )
    income, payments = sample.table["income"].to_numpy(), sample.table["late"].to_numpy()
    assert only.value == np.mean((payments == 1) & (income > 20_000))


@pytest.mark.parametrize(
    ("told", "complaint"),
    [
        ([], "parameter scenarios must give names with lists of changes"),
        ({"a": "income"}, "scenario 'a' must be a list of changes"),
        ({"a": [{"multiply": 2}]}, "scenario 'a': each change names a column"),
        ({"a": [{"column": "income"}]}, "column 'income': give one of multiply, add, set"),
        ({"a": [{"column": "income", "multiply": 2, "add": 1}]}, "got multiply, add"),
        ({"a": [{"column": "income", "halve": 2}]}, "got halve"),
        ({"a": [{"column": "income", "multiply": 2, "share": 0}]}, "share must be a number above 0 up to 1, got 0"),
        ({"a": [{"column": "rent", "multiply": 2}]}, "there is no column 'rent'"),
    ],
)
def test_a_scenario_that_cannot_be_read_is_not_measured(told: Any, complaint: str, sample_of: MakeSample) -> None:
    found = scenarios.measure(sample_of(20), {"scenarios": told})
    assert found.outcome is Outcome.NOT_MEASURED
    assert complaint in found.reason
