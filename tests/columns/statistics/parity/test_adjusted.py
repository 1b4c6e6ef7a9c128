import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from muster.columns.statistics.parity.adjusted import weigh


def drawn(rows: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    matrix = generator.normal(size=(rows, 3))
    odds = matrix @ [0.8, -0.5, 0.0] - 0.4
    return matrix, generator.random(rows) < 1 / (1 + np.exp(-odds))


def test_weights_are_those_of_scikit_learn() -> None:
    matrix, labels = drawn(2000, 1)
    peer = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(matrix, labels)
    assert weigh(matrix, labels).values.tolist() == pytest.approx(peer.coef_[0].tolist(), abs=1e-5)


def test_a_two_by_two_table_gives_woolf_s_error() -> None:
    cells = {(0, 0): 40, (0, 1): 60, (1, 0): 55, (1, 1): 45}
    group = np.repeat([key[0] for key in cells], list(cells.values())).astype(np.float64)
    labels = np.repeat([key[1] for key in cells], list(cells.values())).astype(bool)
    found = weigh(group[:, None], labels)
    assert np.exp(found.values[0]) == pytest.approx(45 * 40 / (55 * 60), rel=1e-6)
    assert found.errors[0] == pytest.approx(np.sqrt(sum(1 / count for count in cells.values())), rel=1e-6)
    value, low, high = (float(part[0]) for part in found.odds)
    assert low < value < high
    assert value**2 == pytest.approx(low * high)


def test_intervals_cover_the_truth() -> None:
    covered = 0
    for seed in range(200):
        _, low, high = weigh(*drawn(300, seed)).odds
        covered += low[0] <= np.exp(0.8) <= high[0]
    assert 182 <= covered <= 199


def test_a_control_that_runs_off_takes_its_rows_out() -> None:
    matrix, labels = drawn(500, 3)
    rare = np.arange(500) < 4
    labels[rare] = True
    with pytest.raises(ValueError, match="tell the decision perfectly"):
        weigh(np.column_stack((matrix, rare)), labels)
    with_rare, without = weigh(np.column_stack((matrix, rare)), labels, 3), weigh(matrix[~rare], labels[~rare])
    assert with_rare.values.tolist() == pytest.approx(without.values.tolist(), abs=1e-5)
    assert with_rare.errors.tolist() == pytest.approx(without.errors.tolist(), rel=1e-4)


def test_perfect_separation_and_few_rows_are_refused() -> None:
    x = np.linspace(-1, 1, 40)[:, None]
    with pytest.raises(ValueError, match="tell the decision perfectly"):
        weigh(x, x[:, 0] > 0)
    with pytest.raises(ValueError, match="2 rows are too few for 2 weights"):
        weigh(x[:2], np.asarray([True, False]))
