import numpy as np
import pyarrow as pa
import pytest

from muster.checks.fairness.counterfactual.flip import flip
from muster.checks.kit import INPUTS, assert_lawful, credit_model, credit_rows, credit_sample
from muster.columns.arrow import Floats
from muster.columns.sample import Sample
from muster.records.evidence import Figure


def model(table: pa.Table) -> Floats:
    """Add to the risk of women, and to that of a postcode where they live."""
    women = np.asarray(table["sex"].to_pylist()) == "female"
    return np.clip(credit_model(table) + 0.08 * women + 0.1 * (table["postcode"].to_numpy() == 1), 0, 1)


def sample_of(rows: int = 1000) -> Sample:
    table = credit_rows(rows)
    women = np.asarray(table["sex"].to_pylist()) == "female"
    table = table.append_column("postcode", pa.array(women.astype(np.int64)))
    return credit_sample(data=table, scores=model(table), inputs=(*INPUTS, "sex", "postcode")).beside(rescorer=model)


def figures(sample: Sample, **parameters: object) -> dict[tuple[str, str], Figure]:
    measured = flip.measure(sample, {"attribute": "sex", **parameters})
    assert not measured.reason
    return {(figure.name, figure.group): figure for figure in measured.figures}


def test_flipping_sex_changes_what_it_must() -> None:
    sample = sample_of()
    found = figures(sample)
    women = np.asarray(sample.table["sex"].to_pylist()) == "female"
    before, after = sample.scores[women] < 0.3, sample.scores[women] - 0.08 < 0.3
    made_men = found["flip_rate", "sex=male"]
    assert (made_men.value, made_men.n) == ((before != after).mean(), women.sum())
    assert found["flip_net", "sex=male"].value == pytest.approx(made_men.value), "every change is to their favour"
    assert found["flip_net", "sex=female"].value < 0
    assert made_men.note == f"{(after & ~before).sum()} become favoured, 0 become refused"
    assert found["flip_score_shift", "sex=male"].value == pytest.approx(0.08, abs=1e-3)


def test_proxies_are_changed_together_with_or_without_the_attribute() -> None:
    sample = sample_of()
    proxy = figures(sample, columns=["postcode"])["flip_score_shift", "sex=male"]
    both = figures(sample, columns=["postcode", "sex"])["flip_score_shift", "sex=male"]
    assert proxy.value == pytest.approx(0.1, abs=2e-3)
    assert both.value == pytest.approx(0.18, abs=4e-3)


def test_what_the_model_does_not_read_changes_nothing() -> None:
    found = figures(credit_sample())
    assert {figure.value for figure in found.values()} == {0.0}
    assert (
        "there is no column 'street'" in flip.measure(sample_of(), {"attribute": "sex", "columns": ["street"]}).reason
    )


def test_one_group_alone_has_nothing_to_change_to() -> None:
    sample = sample_of()
    women = credit_sample(
        data=sample.table.filter(pa.array(sample.table["postcode"].to_numpy() == 1)), inputs=("income", "sex")
    )
    assert "rows in one known group at most" in flip.measure(women, {"attribute": "sex"}).reason


def test_it_keeps_the_laws() -> None:
    assert_lawful(flip, {"attribute": "sex"}, sample_of(400))
    assert_lawful(flip, {"attribute": "sex", "columns": ["late"]}, sample_of(400), order_free=False)
