import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors
from sklearn.preprocessing import StandardScaler

from muster.checks.fairness.individual.consistency import consistency
from muster.checks.kit import assert_lawful, credit_sample
from muster.records.evidence import Outcome


def test_consistency_is_that_of_scikit_learn_s_neighbours() -> None:
    sample = credit_sample(800, inputs=("income", "age"))
    (found,) = consistency.measure(sample, {"neighbours": 7, "columns": ["income"]}).figures
    matrix = StandardScaler().fit_transform(sample.table["income"].to_numpy()[:, None])
    near = NearestNeighbors(n_neighbors=7, algorithm="brute").fit(matrix).kneighbors(return_distance=False)
    got = sample.favourable.astype(float)
    assert found.value == pytest.approx(1 - np.abs(got - got[near].mean(axis=1)).mean())
    assert found.low < found.value < found.high <= 1.0


def test_decisions_by_lot_are_less_consistent_than_a_threshold() -> None:
    by_lot = credit_sample(600, favourable=np.random.default_rng(0).random(600) < 0.5)
    (low,) = consistency.measure(by_lot, {}).figures
    (high,) = consistency.measure(credit_sample(600), {}).figures
    assert low.high < 0.65
    assert high.low > 0.8


def test_large_samples_are_thinned_and_small_ones_refused() -> None:
    measured = consistency.measure(credit_sample(500), {"rows": 200})
    assert measured.figures[0].n == 200
    assert "200 rows chosen by seed" in measured.method
    few = consistency.measure(credit_sample(5), {})
    assert (few.outcome, few.reason) == (Outcome.NOT_MEASURED, "5 rows have no 5 neighbours each")


def test_it_keeps_the_laws() -> None:
    assert_lawful(consistency, {"columns": ["income"]}, credit_sample(300))
