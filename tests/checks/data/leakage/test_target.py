import numpy as np
import pyarrow as pa
import pytest
from sklearn.metrics import roc_auc_score

from muster.checks.data.leakage.target import target_leakage
from muster.checks.kit import assert_lawful, credit_rows, credit_sample
from muster.columns.sample import Sample


def with_column(name: str, values: pa.Array) -> Sample:
    table = credit_rows(1000).append_column(name, values)
    return credit_sample(data=table, inputs=("income", "region", name))


def test_areas_are_those_of_scikit_learn_in_the_better_direction() -> None:
    found = assert_lawful(target_leakage)
    table = credit_sample().table
    figures = {figure.group: figure for figure in found.figures}
    assert figures["income"].value == pytest.approx(1 - roc_auc_score(table["defaulted"], table["income"]))
    assert figures["late"].value == pytest.approx(roc_auc_score(table["defaulted"], table["late"]))
    assert figures[""].value == max(figure.value for figure in found.figures)


def test_a_number_a_category_and_a_gap_that_give_the_outcome_away_are_found() -> None:
    truth = credit_rows(1000)["defaulted"].to_numpy().astype(bool)
    noise = np.random.default_rng(3).random(1000)
    collected = pa.array(np.where(truth, noise, 2 + noise))
    status = pa.array(np.where(truth, "written off", np.where(noise < 0.5, "paid", "open")))
    closed_on = pa.array(noise, mask=~truth)
    for name, values, how in (
        ("collected", collected, ""),
        ("status", status, "by the rate of each category"),
        ("closed_on", closed_on, "missing values lowest"),
    ):
        highest, *_ = assert_lawful(target_leakage, {}, with_column(name, values)).figures
        assert (highest.value, highest.note, highest.n) == (1.0, f"column {name}", 1000)
        (own,) = (
            figure for figure in target_leakage.measure(with_column(name, values), {}).figures if figure.group == name
        )
        assert own.note == how


def test_a_random_category_of_many_values_is_no_leak() -> None:
    codes = pa.array([f"c{code}" for code in np.random.default_rng(4).integers(0, 400, 1000)])
    found = target_leakage.measure(with_column("branch", codes), {"columns": ["branch"]})
    assert found.figures[0].value < 0.6


def test_constant_labels_cannot_be_ranked() -> None:
    table = credit_rows(20).drop_columns(["defaulted"]).append_column("defaulted", pa.array([1] * 20))
    assert "is constant" in target_leakage.measure(credit_sample(data=table), {}).reason
