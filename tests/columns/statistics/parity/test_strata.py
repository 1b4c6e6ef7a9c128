import numpy as np
import pytest
from scipy import optimize, stats

from muster.columns.statistics.parity.strata import conditional_disparity, disparity, stratified_odds

BERKELEY = np.asarray(
    [
        [[512, 313], [89, 19]],
        [[353, 207], [17, 8]],
        [[120, 205], [202, 391]],
        [[138, 279], [131, 244]],
        [[53, 138], [94, 299]],
        [[22, 351], [24, 317]],
    ]
)
"""Admitted and rejected men, then women, in six departments (Bickel, Hammel and O'Connell 1975)."""


def test_berkeley_admissions_as_published() -> None:
    found = stratified_odds(BERKELEY)
    assert found.value == pytest.approx(0.9046968, abs=1e-7)
    assert (found.low, found.high) == pytest.approx((0.7719074, 1.0603298), abs=1e-7)
    assert found.chi_square == pytest.approx(1.5246, abs=1e-3)
    assert (found.strata, found.rows) == (6, 4526)
    women = stratified_odds(BERKELEY[:, ::-1])
    assert women.value == pytest.approx(1 / found.value)
    assert women.low == pytest.approx(1 / found.high)
    overall = BERKELEY.sum(axis=0)
    assert stats.contingency.odds_ratio(overall, kind="sample").statistic == pytest.approx(1.84, abs=0.01)


def test_berkeley_departments_do_not_share_one_ratio() -> None:
    """Breslow and Day's statistic, its expected counts found by bisection instead of the quadratic."""
    found = stratified_odds(BERKELEY)
    statistic, total, expected_total, variances = 0.0, 0.0, 0.0, 0.0
    for (a, b), (c, d) in BERKELEY.tolist():
        own, hits, other = a + b, a + c, c + d

        def apart(x: float, own: float = own, hits: float = hits, other: float = other) -> float:
            return x * (other - hits + x) - found.value * (own - x) * (hits - x)

        expected = optimize.brentq(apart, max(0, hits - other), min(own, hits), xtol=1e-12)
        inverse = 1 / expected + 1 / (own - expected) + 1 / (hits - expected) + 1 / (other - hits + expected)
        statistic += (a - expected) ** 2 * inverse
        total, expected_total, variances = total + a, expected_total + expected, variances + 1 / inverse
    corrected = statistic - (total - expected_total) ** 2 / variances
    assert statistic == pytest.approx(18.83, abs=0.01), "as published for these data"
    assert found.homogeneity == pytest.approx(corrected, rel=1e-9)
    assert found.homogeneity_p == pytest.approx(stats.chi2.sf(corrected, 5))
    assert found.homogeneity_p < 0.01


def test_like_strata_share_one_ratio() -> None:
    table = np.asarray([[30, 70], [50, 50]])
    alike = stratified_odds(np.stack((table, 2 * table, 5 * table)))
    assert alike.homogeneity == pytest.approx(0.0, abs=1e-12)
    assert alike.homogeneity_p == pytest.approx(1.0)
    assert stratified_odds(table[None]).homogeneity_p == 1.0
    even = np.asarray([[[10, 10], [10, 10]], [[30, 20], [20, 30]]])
    assert 0 < stratified_odds(even).homogeneity_p < 1
    mirrored = stratified_odds(BERKELEY[:, :, ::-1])
    assert mirrored.homogeneity == pytest.approx(stratified_odds(BERKELEY).homogeneity)


def test_one_stratum_gives_the_plain_odds_ratio() -> None:
    table = np.asarray([[[30, 70], [50, 50]]])
    assert stratified_odds(table).value == pytest.approx(30 * 50 / (70 * 50))


def test_strata_that_say_nothing_are_left_out() -> None:
    silent = np.asarray([[[5, 0], [7, 0]], [[0, 0], [3, 4]], [[0, 0], [0, 0]]])
    assert stratified_odds(np.concatenate((BERKELEY, silent))) == stratified_odds(BERKELEY)
    with pytest.raises(ValueError, match="no stratum holds both groups"):
        stratified_odds(silent)
    with pytest.raises(ValueError, match="every favourable decision went to one group"):
        stratified_odds(np.asarray([[[5, 0], [0, 7]]]))


def test_disparity_by_hand() -> None:
    # 100 refused of whom 60 in the first group, 100 favoured of whom 30.
    cells = np.asarray([[60, 30], [40, 70]])
    assert disparity(cells).tolist() == pytest.approx([0.3, -0.3])
    assert np.isnan(disparity(np.asarray([[0, 3], [0, 4]]))).all()


def test_conditional_disparity_tells_berkeley_from_its_departments() -> None:
    cells = BERKELEY[:, :, ::-1]
    overall = disparity(cells.sum(axis=0))
    within = conditional_disparity(cells)
    rejected, admitted = 1493 + 1278, 1198 + 557
    assert overall[1] == pytest.approx(1278 / rejected - 557 / admitted)
    by_hand = sum(
        (women[1] / (men[1] + women[1]) - women[0] / (men[0] + women[0])) * (sum(men) + sum(women)) / 4526
        for men, women in BERKELEY.tolist()
    )
    assert within[1] == pytest.approx(by_hand)
    assert overall[1] > 0.1
    assert within[1] < 0, "women are refused more overall, and less within departments"


def test_a_stratum_that_refuses_nobody_counts_as_equal() -> None:
    cells = np.asarray([[[60, 30], [40, 70]], [[0, 100], [0, 100]]])
    assert conditional_disparity(cells).tolist() == pytest.approx([0.15, -0.15])
    assert conditional_disparity(np.stack((cells, cells))).shape == (2, 2)
