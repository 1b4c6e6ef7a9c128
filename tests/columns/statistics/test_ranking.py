import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import roc_auc_score

from muster.columns.statistics.ranking import area, areas, influences, placements, separation, twice_midranks


def drawn(size: int, seed: int, ties: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    labels = generator.random(size) < 0.3
    scores = generator.normal(labels * 1.0, 1.0)
    return (np.round(scores, ties) if ties is not None else scores), labels


@given(st.lists(st.integers(-3, 3), min_size=1, max_size=60))
def test_midranks_are_those_of_scipy(values: list[int]) -> None:
    assert (twice_midranks(np.asarray(values, dtype=float)) / 2).tolist() == stats.rankdata(values).tolist()


@pytest.mark.parametrize("ties", [None, 1, 0])
def test_area_is_that_of_scikit_learn_and_of_all_pairs(ties: int | None) -> None:
    scores, labels = drawn(400, 3, ties)
    pairs = np.sign(scores[labels][:, None] - scores[~labels][None, :])
    found = area(scores, labels)
    assert found.value == (2 * (pairs == 1).sum() + (pairs == 0).sum()) / (2 * pairs.size)
    assert found.value == pytest.approx(roc_auc_score(labels, scores), rel=1e-14)


def test_delong_error_is_that_of_its_definition() -> None:
    scores, labels = drawn(150, 5, 1)
    kernel = (np.sign(scores[labels][:, None] - scores[~labels][None, :]) + 1) / 2
    by_positive, by_negative = kernel.mean(axis=1), kernel.mean(axis=0)
    variance = by_positive.var(ddof=1) / by_positive.size + by_negative.var(ddof=1) / by_negative.size
    assert area(scores, labels).error == pytest.approx(np.sqrt(variance), rel=1e-12)


@pytest.mark.parametrize(("positives", "negatives", "shift"), [(20, 80, 1.0), (15, 15, 2.0)])
def test_area_interval_covers(positives: int, negatives: int, shift: float) -> None:
    generator = np.random.default_rng(11)
    truth = 0.5 * (1 + math.erf(shift / 2))
    labels = np.arange(positives + negatives) < positives
    found = [area(generator.normal(labels * shift, 1.0), labels) for _ in range(600)]
    assert 0.93 <= np.mean([one.low <= truth <= one.high for one in found]) <= 0.99


def test_perfect_order_is_not_certainty() -> None:
    found = area(np.arange(20.0), np.arange(20) >= 10)
    assert found.value == found.high == 1.0
    assert found.low == pytest.approx(stats.binomtest(10, 10).proportion_ci(method="wilson").low)


def test_one_row_of_a_class_cannot_be_ranked() -> None:
    with pytest.raises(ValueError, match="two rows of each class, there are 1 positive and 3 negative"):
        area(np.arange(4.0), np.asarray([True, False, False, False]))


def test_areas_of_many_groups_are_those_of_one_by_one() -> None:
    scores, labels = drawn(200, 9, 1)
    assert areas(scores, [labels, ~labels, np.zeros(200, bool)]) == [
        area(scores, labels).value,
        area(scores, ~labels).value,
        0.5,
    ]


@pytest.mark.parametrize("ties", [None, 0])
def test_separation_is_the_two_sample_statistic_of_scipy(ties: int | None) -> None:
    scores, labels = drawn(300, 4, ties)
    found = separation(scores, labels)
    assert found.value == pytest.approx(stats.ks_2samp(scores[labels], scores[~labels]).statistic, rel=1e-12)
    assert found.of == (labels.sum(), (~labels).sum())
    assert abs(found.under[0] / found.of[0] - found.under[1] / found.of[1]) == found.value


def test_placements_and_influences_give_the_area_and_its_error() -> None:
    scores, labels = drawn(150, 6, 1)
    found = area(scores, labels)
    over, under = placements(scores, labels)
    assert over.mean() == pytest.approx(found.value)
    assert under.mean() == pytest.approx(found.value)
    moves = influences(scores, labels)
    assert moves.mean() == pytest.approx(0.0, abs=1e-12)
    assert np.sqrt(np.mean(moves**2) / labels.size) == pytest.approx(found.error, rel=0.02)
