import numpy as np
import pytest
from scipy import stats
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss

from muster.columns.statistics.scoring.reliability import hosmer_lemeshow, parts_of_brier, recalibrate, spiegelhalter


def drawn(rows: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    scores = generator.uniform(0.05, 0.6, rows)
    return scores, generator.random(rows) < scores


def test_recalibration_is_an_unpenalised_logistic_regression() -> None:
    scores, labels = drawn(2000, 1)
    scores = scores**1.5
    odds = np.log(scores / (1 - scores))
    oracle = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(odds[:, None], labels)
    found = recalibrate(scores, labels)
    assert (found.intercept, found.slope) == pytest.approx((oracle.intercept_[0], oracle.coef_[0, 0]), abs=1e-5)
    chance = oracle.predict_proba(odds[:, None])[:, 1]
    design = np.column_stack((np.ones(2000), odds))
    information = (design.T * (chance * (1 - chance))) @ design
    assert found.errors == pytest.approx(np.sqrt(np.diag(np.linalg.inv(information))), rel=1e-4)


def test_calibration_in_the_large_makes_sums_agree() -> None:
    scores, labels = drawn(500, 2)
    found = recalibrate(scores, labels, slope=False)
    odds = found.intercept + np.log(scores / (1 - scores))
    assert (1 / (1 + np.exp(-odds))).sum() == pytest.approx(labels.sum())
    assert (found.slope, found.errors[1]) == (1.0, 0.0)


def test_statistics_of_calibrated_scores_follow_their_laws() -> None:
    generator = np.random.default_rng(3)
    zs, chis = [], []
    for _ in range(300):
        scores = generator.uniform(0.05, 0.6, 400)
        labels = generator.random(400) < scores
        zs.append(spiegelhalter(scores, labels))
        codes = np.digitize(scores, [0.1, 0.2, 0.3, 0.4, 0.5])
        rows, positives = np.bincount(codes), np.bincount(codes[labels], minlength=6)
        chis.append(hosmer_lemeshow(rows, positives, np.bincount(codes, weights=scores) / rows))
    assert stats.kstest(zs, "norm").pvalue > 0.001
    assert stats.kstest(chis, stats.chi2(6).cdf).pvalue > 0.001


def test_spiegelhalter_by_hand() -> None:
    scores, labels = np.asarray([0.2, 0.4, 0.9]), np.asarray([True, False, True])
    top = 0.8 * 0.6 + -0.4 * 0.2 + 0.1 * -0.8
    assert spiegelhalter(scores, labels) == pytest.approx(top / np.sqrt(0.36 * 0.16 + 0.04 * 0.24 + 0.64 * 0.09))


def test_parts_of_the_brier_score_add_up_where_bins_are_single_scores() -> None:
    scores = np.repeat([0.1, 0.4, 0.8], [30, 20, 10])
    labels = np.arange(60) % 3 == 0
    codes = np.repeat([0, 1, 2], [30, 20, 10])
    rows, positives = np.bincount(codes).astype(float), np.bincount(codes, weights=labels)
    parts = parts_of_brier(rows, positives, np.asarray([0.1, 0.4, 0.8]))
    assert parts[0] - parts[1] + parts[2] == pytest.approx(brier_score_loss(labels, scores))


@pytest.mark.parametrize("sure", [1.0, 0.999, 0.6])
def test_scores_that_are_far_too_sure_are_fitted_too(sure: float) -> None:
    labels = np.arange(1000) % 2 == 0
    right = np.arange(1000) % 10 < 8
    scores = np.where(labels == right, sure, 1 - sure)
    found = recalibrate(scores, labels)
    odds = np.log(max(sure, 0.5) / max(1 - sure, 1e-12))
    assert found.slope * odds == pytest.approx(np.log(4), rel=1e-3), "eight of ten are right: odds of four"
    assert abs(recalibrate(scores, labels, slope=False).intercept) < 1e-3


def test_what_cannot_be_fitted_says_why() -> None:
    labels = np.arange(40) >= 20
    with pytest.raises(ValueError, match="the scores part positive rows from negative"):
        recalibrate(np.where(labels, 0.7, 0.3), labels)
    with pytest.raises(ValueError, match="all scores are the same"):
        recalibrate(np.full(40, 0.3), labels)
    with pytest.raises(ValueError, match="has no variance"):
        spiegelhalter(np.where(labels, 1.0, 0.5), labels)
