import numpy as np
import pytest

from muster.columns.statistics.divergence import coarsen, distance, stability


def test_coarse_bins_hold_about_equal_shares() -> None:
    counts = np.full(1000, 20)
    codes = coarsen(counts, 20)
    assert (np.diff(codes) >= 0).all()
    assert np.bincount(codes, weights=counts).tolist() == [1000.0] * 20


def test_one_heavy_value_keeps_a_bin_and_codes_have_no_gaps() -> None:
    codes = coarsen(np.asarray([5, 900, 5, 45, 45]), 10)
    assert np.unique(codes).tolist() == list(range(codes.max() + 1))
    assert codes[1] not in codes[[3, 4]]
    assert coarsen(np.asarray([0]), 10).tolist() == [0]


def test_index_is_the_jeffreys_divergence_of_the_smoothed_shares() -> None:
    then, now = np.asarray([100, 200, 700]), np.asarray([30, 30, 40])
    p, q = (then + 0.5) / 1001.5, (now + 0.5) / 101.5
    found = stability(then, now)
    assert found.raw == pytest.approx(((p - q) * np.log(p / q)).sum(), rel=1e-14)
    assert found.expected == pytest.approx(2 * (1 / 1000 + 1 / 100))
    assert found.value == pytest.approx(found.raw - found.expected)
    assert found.low <= found.value <= found.high


def test_no_drift_has_no_index_on_average_however_many_bins() -> None:
    generator = np.random.default_rng(2)
    for bins, n, m in ((20, 15_000, 9000), (50, 5000, 1000)):
        shares = np.full(bins, 1 / bins)
        drawn = [stability(generator.multinomial(n, shares), generator.multinomial(m, shares)) for _ in range(300)]
        spread = np.sqrt(2 * (bins - 1)) * (1 / n + 1 / m)
        assert abs(np.mean([one.raw - one.expected for one in drawn])) < 0.25 * spread
        assert np.mean([one.low == 0 for one in drawn]) > 0.95


def test_interval_covers_a_true_shift() -> None:
    generator = np.random.default_rng(3)
    p = np.full(20, 1 / 20)
    q = p * (1 + 0.3 * np.linspace(-1, 1, 20))
    truth = ((p - q) * np.log(p / q)).sum()
    drawn = [stability(generator.multinomial(15_000, p), generator.multinomial(3000, q)) for _ in range(500)]
    assert np.mean([one.low <= truth <= one.high for one in drawn]) >= 0.93


def test_an_empty_bin_costs_much_but_not_infinity() -> None:
    found = stability(np.asarray([500, 500]), np.asarray([1000, 0]))
    assert 1.0 < found.value < 10.0


def test_no_rows_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="cannot compare 10 reference rows with 0 rows"):
        stability(np.asarray([5, 5]), np.asarray([0, 0]))


def test_distance_and_where_it_is() -> None:
    value, place = distance(np.asarray([10, 10, 10, 10]), np.asarray([20, 10, 5, 5]))
    assert (value, place) == (0.25, 0) or (value, place) == (0.25, 1)
