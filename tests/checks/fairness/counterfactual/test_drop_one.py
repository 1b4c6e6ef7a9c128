import numpy as np
import pyarrow as pa
import pytest

from muster.checks.fairness.counterfactual.drop_one import drop_one
from muster.checks.kit import INPUTS, assert_lawful, credit_model, credit_rows, credit_sample
from muster.columns.arrow import Floats
from muster.columns.sample import Sample
from muster.records.evidence import Figure


def model(table: pa.Table) -> Floats:
    """Add to the risk of a postcode in which mostly women live."""
    return np.clip(credit_model(table) + 0.15 * (np.asarray(table["postcode"].to_pylist()) == "west"), 0, 1)


def sample_of(rows: int = 2000) -> Sample:
    table = credit_rows(rows)
    women = np.asarray(table["sex"].to_pylist()) == "female"
    there = np.random.default_rng(1).random(rows) < np.where(women, 0.7, 0.2)
    table = table.append_column("postcode", pa.array(np.where(there, "west", "east")))
    return credit_sample(data=table, scores=model(table), inputs=(*INPUTS, "postcode")).beside(rescorer=model)


def figures(sample: Sample, **parameters: object) -> dict[tuple[str, str], Figure]:
    measured = drop_one.measure(sample, {"attribute": "sex", "reference": "male", **parameters})
    assert not measured.reason
    return {(figure.name, figure.group): figure for figure in measured.figures}


def test_the_input_that_carries_the_gap_is_found() -> None:
    sample = sample_of()
    found = figures(sample)
    changes = {group: figure.value for (name, group), figure in found.items() if name == "impact_ratio_change"}
    assert max(changes, key=lambda group: changes[group]) == "postcode: sex=female"
    carried = found["impact_ratio_change", "postcode: sex=female"]
    assert carried.low > 0.05
    women = np.asarray(sample.table["sex"].to_pylist()) == "female"
    most = max(("east", "west"), key=sample.table["postcode"].to_pylist().count)
    after = credit_model(sample.table) + 0.15 * (most == "west") < 0.3
    ratio = after[women].mean() / after[~women].mean()
    assert found["impact_ratio_without", "postcode: sex=female"].value == pytest.approx(ratio)
    before = sample.favourable[women].mean() / sample.favourable[~women].mean()
    assert carried.value == pytest.approx(ratio - before)


def test_inputs_may_be_chosen_and_must_be_read() -> None:
    found = figures(sample_of(), columns=["income"])
    assert {group for _, group in found} == {"income: sex=female"}
    refused = drop_one.measure(sample_of(), {"attribute": "sex", "columns": ["age", "income"]})
    assert "the model does not read age; it reads income" in refused.reason


def test_a_constant_takes_the_middle_of_numbers_with_gaps() -> None:
    sample = sample_of(300)
    late = [None if row % 5 == 0 else int(value) for row, value in enumerate(sample.table["late"].to_pylist())]
    table = sample.table.set_column(sample.table.column_names.index("late"), "late", pa.array(late, pa.int64()))
    gaps = credit_sample(data=table, scores=model(table), inputs=INPUTS).beside(rescorer=model)
    found = figures(gaps, columns=["late"])
    middle = sorted(value for value in late if value is not None)[120]
    filled = table.set_column(table.column_names.index("late"), "late", pa.array([middle] * 300))
    women = np.asarray(table["sex"].to_pylist()) == "female"
    after = model(filled) < 0.3
    expected = after[women].mean() / after[~women].mean()
    assert found["impact_ratio_without", "late: sex=female"].value == pytest.approx(expected)


def test_it_keeps_the_laws() -> None:
    assert_lawful(drop_one, {"attribute": "sex"}, sample_of(400))
