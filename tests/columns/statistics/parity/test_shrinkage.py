import numpy as np
import pytest
from scipy import optimize

from muster.columns.statistics.parity.shrinkage import shrinkage

LEVELS = np.asarray([[i, j] for i in range(3) for j in range(4)])
TRUE_ODDS = np.asarray([0.6, 0.0, -0.7])[LEVELS[:, 0]] + np.asarray([0.5, 0.2, 0.0, -0.4])[LEVELS[:, 1]]


def drawn(sizes: np.ndarray, seed: int, spread: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    rates = 1 / (1 + np.exp(-TRUE_ODDS - spread * generator.normal(size=TRUE_ODDS.size)))
    return generator.binomial(sizes, rates), rates


def test_the_expectation_is_the_likeliest_additive_one() -> None:
    sizes = np.asarray([400, 30, 800, 20, 60, 500, 90, 300, 40, 700, 25, 110])
    hits, _ = drawn(sizes, 1)
    found = shrinkage(hits, sizes, LEVELS)
    design = np.column_stack(
        [np.ones(12), *(LEVELS[:, 0] == k for k in (1, 2)), *(LEVELS[:, 1] == k for k in (1, 2, 3))]
    ).astype(float)

    def loss(weights: np.ndarray) -> float:
        odds = design @ weights
        return float((sizes * np.logaddexp(0, odds) - hits * odds).sum())

    best = optimize.minimize(loss, np.zeros(6), method="BFGS", options={"gtol": 1e-8}).x
    assert found.expected == pytest.approx(1 / (1 + np.exp(-design @ best)), abs=1e-4)


def test_shrunk_rates_of_small_groups_are_nearer_to_the_truth() -> None:
    sizes = np.asarray([8, 900, 12, 700, 9, 800, 15, 600, 10, 500, 7, 900])
    small = sizes < 20
    raw_misses, shrunk_misses = 0.0, 0.0
    for seed in range(40):
        hits, rates = drawn(sizes, seed, spread=0.2)
        own, rows = shrinkage(hits, sizes, LEVELS).counts(hits, sizes)
        raw_misses += ((hits / sizes - rates)[small] ** 2).sum()
        shrunk_misses += ((own / rows - rates)[small] ** 2).sum()
    assert shrunk_misses < 0.5 * raw_misses


def test_large_groups_stay_where_they_are_and_real_differences_count() -> None:
    sizes = np.full(12, 5000)
    hits, _ = drawn(sizes, 3, spread=0.8)
    found = shrinkage(hits, sizes, LEVELS)
    own, rows = found.counts(hits, sizes)
    assert found.rows < 200, "groups differ by far more than chance lets them, so the expectation weighs little"
    assert np.abs(own / rows - hits / sizes).max() < 0.02
    alike, _ = drawn(sizes, 3)
    assert shrinkage(alike, sizes, LEVELS).rows > 10 * found.rows


def test_the_expectation_never_weighs_more_than_a_group_of_mean_size() -> None:
    sizes = np.asarray([10, 20, 30, 40])
    found = shrinkage(np.asarray([5, 10, 15, 20]), sizes, LEVELS[[0, 1, 4, 5]])
    assert found.rows == 25.0
    assert found.expected == pytest.approx(0.5)


def test_levels_of_which_everyone_is_a_hit_leave_finite_rates() -> None:
    found = shrinkage(np.asarray([4, 5, 3, 2]), np.asarray([4, 5, 9, 9]), LEVELS[[0, 1, 4, 5]])
    assert np.all((found.expected > 0) & (found.expected < 1))


@pytest.mark.parametrize(("hits", "trials"), [([3], [5]), ([0, 0], [5, 4]), ([5, 4], [5, 4])])
def test_where_nothing_differs_nothing_is_shrunk(hits: list[int], trials: list[int]) -> None:
    with pytest.raises(ValueError, match="two groups or more"):
        shrinkage(np.asarray(hits), np.asarray(trials), LEVELS[: len(hits)])
