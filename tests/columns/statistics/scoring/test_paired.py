import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import roc_auc_score

from muster.columns.statistics.scoring.paired import areas, shares


def drawn(rows: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    labels = generator.random(rows) < 0.4
    shared = generator.normal(labels * 0.8, 1.0)
    return shared + generator.normal(0, 0.6, rows), shared + generator.normal(0, 0.6, rows), labels


def test_difference_of_areas_is_that_of_scikit_learn_with_delongs_covariance() -> None:
    first, second, labels = drawn(120, 1)
    found = areas(first, second, labels)
    assert found.value == pytest.approx(roc_auc_score(labels, first) - roc_auc_score(labels, second))
    kernels = [(np.sign(one[labels][:, None] - one[~labels][None, :]) + 1) / 2 for one in (first, second)]
    over, under = (np.cov([kernel.mean(axis=axis) for kernel in kernels]) for axis in (1, 0))
    covariance = over / labels.sum() + under / (~labels).sum()
    variance = covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]
    assert (found.high - found.low) / 2 == pytest.approx(1.959963984540054 * np.sqrt(variance))
    assert found.p == pytest.approx(2 * stats.norm.sf(abs(found.value) / np.sqrt(variance)))


def test_models_that_rank_alike_differ_by_chance_as_often_as_promised() -> None:
    ps = [areas(*drawn(150, seed)).p for seed in range(300)]
    assert 3 <= sum(p < 0.05 for p in ps) <= 26
    assert stats.kstest(ps, "uniform").pvalue > 0.001


def test_the_same_scores_do_not_differ() -> None:
    first, _, labels = drawn(60, 2)
    found = areas(first, 2 * first, labels)
    assert (found.value, found.low, found.high, found.p) == (0.0, 0.0, 0.0, 1.0)


def tables(both: int, only: int, other: int, neither: int) -> tuple[np.ndarray, np.ndarray]:
    first = np.repeat([True, True, False, False], [both, only, other, neither])
    return first, np.repeat([True, False, True, False], [both, only, other, neither])


def test_paired_interval_is_the_published_one() -> None:
    """Method 10 for the table 36, 12, 2, 0 in Newcombe (1998), table II."""
    found = shares(*tables(36, 12, 2, 0))
    assert (found.low, found.high) == pytest.approx((0.0569, 0.3404), abs=5e-5)


@pytest.mark.parametrize("chances", [(0.6, 0.15, 0.05, 0.2), (0.9, 0.04, 0.04, 0.02), (0.3, 0.3, 0.1, 0.3)])
def test_paired_interval_covers(chances: tuple[float, ...]) -> None:
    generator = np.random.default_rng(7)
    found = [shares(*tables(*generator.multinomial(60, chances).tolist())) for _ in range(300)]
    assert sum(one.low <= chances[1] - chances[2] <= one.high for one in found) >= 277


def test_mcnemar_is_the_binomial_test_of_the_rows_that_differ() -> None:
    assert shares(*tables(30, 12, 3, 5)).p == pytest.approx(stats.binomtest(12, 15).pvalue)
    assert shares(*tables(30, 0, 0, 5)).p == 1.0
