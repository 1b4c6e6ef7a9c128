from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest

from muster.checks.fairness.counterfactual.elderly import elderly
from muster.checks.kit import INPUTS, assert_lawful, credit_model, credit_rows, credit_sample
from muster.columns.arrow import Floats
from muster.columns.sample import Sample
from muster.records.evidence import Figure, Outcome


def sample_of(effect: Callable[[Floats], Floats], rows: int = 1000) -> Sample:
    """Score credit applications plus an effect of age on the probability of default."""
    table = credit_rows(rows)

    def model(changed: pa.Table) -> Floats:
        return np.clip(credit_model(changed) * 0.5 + effect(changed["age"].to_numpy().astype(np.float64)), 0, 1)

    return credit_sample(data=table, scores=model(table), inputs=(*INPUTS, "age")).beside(rescorer=model)


def figures(sample: Sample, **parameters: object) -> dict[str, Figure]:
    measured = elderly.measure(sample, {"attribute": "age", **parameters})
    assert not measured.reason
    return {figure.name: figure for figure in measured.figures}


def test_age_that_counts_for_the_elderly_has_no_negative_effect() -> None:
    found = figures(sample_of(lambda age: 0.3 - 0.002 * age))
    assert [found[name].value for name in ("elderly_worse_decision", "elderly_worse_score", "age_reversal")] == [
        0,
        0,
        0,
    ]
    assert found["elderly_penalty"].high < 0, "their own age is better for them than any younger one"
    assert found["elderly_worse_score"].high < 0.05


def test_age_that_counts_against_the_elderly_is_found_in_scores_and_decisions() -> None:
    sample = sample_of(lambda age: 0.004 * age)
    found = figures(sample)
    ages = sample.table["age"].to_numpy()
    old = ages >= 62
    assert found["elderly_worse_score"].value == 1.0
    best = 0.5 * credit_model(sample.table)[old] + 0.004 * ages.min()
    expected = (best < 0.3) & (sample.scores[old] >= 0.3)
    assert found["elderly_worse_decision"].value == pytest.approx(expected.mean())
    assert found["elderly_penalty"].value == pytest.approx((sample.scores[old] - best).mean())
    assert found["age_reversal"].value == 1.0
    assert found["elderly_penalty"].n == old.sum()


def test_a_fall_within_old_age_only_is_a_reversal() -> None:
    found = figures(sample_of(lambda age: 0.2 - 0.1 * (age >= 62) + 0.05 * (age >= 70)))
    assert found["elderly_worse_score"].value == 0.0
    assert found["age_reversal"].value == 1.0


def test_the_best_of_all_younger_ages_is_the_measure() -> None:
    found = figures(sample_of(lambda age: 0.2 - 0.05 * (age == 40)))
    assert found["elderly_worse_score"].value == 1.0, "one younger age does better"
    assert found["age_reversal"].value == 0.0


def test_a_model_that_does_not_read_age_needs_no_rescoring() -> None:
    found = figures(credit_sample())
    assert {figure.value for figure in found.values()} == {0.0}
    assert found["elderly_penalty"].note == "the model does not read age"


def test_what_cannot_be_tested_is_not_measured() -> None:
    sample = sample_of(lambda age: 0.001 * age)
    alone = Sample.of(
        sample.table, sample.scores, sample.rule, name="alone", digest="sha256:00", role="held-out", inputs=("age",)
    )
    assert "comes without its model" in elderly.measure(alone, {"attribute": "age"}).reason
    nobody = elderly.measure(sample, {"attribute": "age", "limit": 95})
    assert nobody.outcome is Outcome.NOT_MEASURED
    assert "age needs values under 95 and from 95 on" in nobody.reason
    assert "there is no column 'AGE'" in elderly.measure(sample, {}).reason


def test_it_keeps_the_laws() -> None:
    assert_lawful(elderly, {"attribute": "age"}, sample_of(lambda age: 0.001 * age, 400))
