import numpy as np
import pytest

from muster.checks.drift.population_stability import population_stability
from muster.checks.fairness.impact_ratio import impact_ratio
from muster.checks.kit import INPUTS, assert_lawful, credit_model, credit_rows, credit_sample
from muster.checks.performance.calibration import calibration
from muster.checks.performance.discrimination import discrimination
from muster.records.data import Column, ColumnType


def test_the_sample_is_complete_and_calibrated_by_construction() -> None:
    sample = credit_sample(20_000, seed=3)
    assert sample.rescorer is not None
    np.testing.assert_array_equal(sample.rescorer(sample.table), sample.scores)
    assert abs(sample.labels.mean() - sample.scores.mean()) < 0.01
    assert sample.companion is not None
    assert sample.companion.table.num_rows == 1000
    assert set(sample.inputs) < set(sample.table.column_names)
    assert credit_rows(50, 1).equals(credit_rows(50, 1))


def test_parts_of_the_sample_can_be_replaced() -> None:
    sample = credit_sample(data=credit_rows(40), scores=np.full(40, 0.2), target="")
    assert (sample.rows, sample.target, sample.scores.max()) == (40, "", 0.2)


def test_the_model_refuses_a_category_that_it_does_not_know() -> None:
    rows = credit_rows(3)
    strange = rows.set_column(rows.column_names.index("region"), "region", [["north", "nroth", "south"]])
    with pytest.raises(ValueError, match="column 'region', row 1"):
        credit_model(strange)


def test_our_own_checks_keep_the_laws() -> None:
    assert assert_lawful(discrimination).figures
    assert assert_lawful(calibration, {"bins": 5}).figures
    assert assert_lawful(impact_ratio, {"attribute": "age", "bands": [25, 50]}).figures
    columns = [Column(name, ColumnType.CATEGORY if name == "region" else ColumnType.NUMBER) for name in INPUTS]
    profile = credit_sample(seed=2).freeze(columns)
    assert assert_lawful(population_stability, sample=credit_sample(reference=profile)).figures
