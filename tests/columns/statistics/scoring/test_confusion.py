import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from muster.columns.statistics.scoring.confusion import Confusion, around


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=2, max_size=60), st.sampled_from([0.5, 1.0, 2.0]))
def test_figures_are_those_of_scikit_learn(rows: list[tuple[bool, bool]], beta: float) -> None:
    predicted, labels = np.asarray([*rows, (True, True), (True, False)]).T
    found = Confusion.of(predicted, labels)
    assert float(found.f(beta)) == pytest.approx(metrics.fbeta_score(labels, predicted, beta=beta))
    assert float(found.matthews) == pytest.approx(metrics.matthews_corrcoef(labels, predicted), abs=1e-12)
    assert float(found.balanced) == pytest.approx(metrics.balanced_accuracy_score(labels, predicted))
    assert float(found.kappa) == pytest.approx(metrics.cohen_kappa_score(labels, predicted), abs=1e-12)


def test_nothing_right_is_0() -> None:
    nothing = Confusion.of(np.zeros(4, bool), np.asarray([True, False, False, False]))
    assert (float(nothing.f()), float(nothing.matthews), float(nothing.kappa)) == (0.0, 0.0, 0.0)


def test_intervals_cover_and_keep_width_at_the_edge() -> None:
    generator = np.random.default_rng(4)
    shares = [0.15, 0.1, 0.05, 0.7]
    truth = Confusion(*map(np.asarray, shares))
    held = {"f": 0, "mcc": 0}
    for _ in range(200):
        table = Confusion(*generator.multinomial(120, shares).astype(float))
        drawn = table.drawn()
        for name, of in (("f", Confusion.f), ("mcc", lambda one: one.matthews)):
            low, high = around(float(of(table)), of(drawn))
            held[name] += low <= float(of(truth)) <= high
    assert min(held.values()) >= 183, held
    perfect = Confusion(*map(np.asarray, (20.0, 0.0, 0.0, 30.0)))
    low, high = around(float(perfect.f()), perfect.drawn().f())
    assert low < 0.97
    assert high == 1.0
