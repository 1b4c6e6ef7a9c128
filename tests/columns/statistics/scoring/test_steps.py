import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from muster.columns.statistics.scoring.steps import Steps

ROWS = st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=2, max_size=50)


@given(ROWS)
def test_average_precision_is_that_of_scikit_learn(rows: list[tuple[int, bool]]) -> None:
    scores, labels = np.asarray([row[0] for row in rows]) / 6, np.asarray([row[1] for row in rows])
    if labels.any():
        ours = Steps.of(scores, labels).average_precision
        assert ours == pytest.approx(average_precision_score(labels, scores), rel=1e-12)


@given(ROWS, st.floats(-0.1, 1.1))
def test_counts_at_a_threshold_are_those_of_the_rows(rows: list[tuple[int, bool]], threshold: float) -> None:
    scores, labels = np.asarray([row[0] for row in rows]) / 6, np.asarray([row[1] for row in rows])
    hits, counted = Steps.of(scores, labels).at([threshold])
    assert (hits[0], counted[0]) == (np.sum(labels & (scores >= threshold)), np.sum(scores >= threshold))


def test_equal_scores_share_their_positives() -> None:
    steps = Steps.of(np.asarray([0.9, 0.5, 0.5, 0.5, 0.5, 0.1]), np.asarray([True, True, False, False, True, False]))
    assert steps.top([0, 1, 3, 5, 6]).tolist() == [0, 1, 2, 3, 3]
    assert steps.positives == 3


@given(ROWS)
def test_the_top_is_counted_as_rows_in_order(rows: list[tuple[int, bool]]) -> None:
    """Without equal scores, the first rows in falling order are counted; between two counts it is even."""
    scores = np.asarray([row[0] for row in rows]) + np.arange(len(rows)) / 1000
    labels = np.asarray([row[1] for row in rows])
    counted = np.concatenate(([0], np.cumsum(labels[np.argsort(-scores)])))
    steps = Steps.of(scores, labels)
    assert steps.top(np.arange(len(rows) + 1)).tolist() == pytest.approx(counted.tolist())
    assert steps.top([0.5])[0] == pytest.approx(counted[1] / 2)
