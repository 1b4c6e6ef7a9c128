import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from muster.columns.statistics.logistic import fit, out_of_fold
from muster.columns.statistics.ranking import area


def drawn(size: int, seed: int, strength: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    matrix = generator.normal(size=(size, 4))
    odds = strength * (matrix @ [1.0, -0.5, 0.0, 0.2]) - 1
    return matrix, generator.random(size) < 1 / (1 + np.exp(-odds))


def test_weights_are_those_of_scikit_learn() -> None:
    matrix, labels = drawn(1000, 1)
    peer = LogisticRegression(C=1.0, tol=1e-10, max_iter=1000).fit(matrix, labels)
    assert fit(matrix, labels) == pytest.approx([*peer.coef_[0], *peer.intercept_], abs=1e-5)


def test_start_changes_nothing_but_time() -> None:
    matrix, labels = drawn(500, 2)
    far = fit(matrix, labels, start=np.asarray([3.0, -3.0, 3.0, -3.0, 3.0]))
    assert far == pytest.approx(fit(matrix, labels), abs=1e-6)


def test_separable_classes_have_finite_weights() -> None:
    matrix = np.linspace(-1, 1, 200)[:, None]
    weights = fit(matrix, matrix[:, 0] > 0)
    assert np.isfinite(weights).all()
    assert weights[0] > 5


def test_predictions_come_from_other_rows() -> None:
    generator = np.random.default_rng(3)
    matrix, labels = generator.normal(size=(300, 60)), generator.random(300) < 0.5
    inside = area(matrix @ fit(matrix, labels)[:-1], labels).value
    outside = area(out_of_fold(matrix, labels, folds=5, seed=0), labels).value
    assert inside > 0.7, "noise is learned by heart where rows are seen"
    assert 0.38 < outside < 0.62, "and is worth nothing where they are not"


def test_folds_are_repeatable_and_constant_columns_harmless() -> None:
    matrix, labels = drawn(300, 4)
    constant = np.column_stack((matrix, np.full(300, 7.0)))
    once = out_of_fold(constant, labels, folds=5, seed=1)
    assert np.array_equal(once, out_of_fold(constant, labels, folds=5, seed=1))
    assert once == pytest.approx(out_of_fold(matrix, labels, folds=5, seed=1), abs=1e-9)
