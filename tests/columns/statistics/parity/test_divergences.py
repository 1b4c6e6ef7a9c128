import numpy as np
import pytest
from scipy.spatial import distance
from scipy.stats import entropy

from muster.columns.statistics.parity.divergences import jensen_shannon, kullback_leibler, shares


def test_divergences_are_those_of_scipy() -> None:
    p, q = shares(np.asarray([[10, 30, 60], [5, 5, 0]])), shares(np.asarray([[20, 20, 20], [1, 2, 3]]))
    assert kullback_leibler(p, q).tolist() == pytest.approx(entropy(p, q, axis=-1).tolist())
    expected = distance.jensenshannon(p, q, axis=-1) ** 2
    assert jensen_shannon(p, q).tolist() == pytest.approx(expected.tolist())
    assert (jensen_shannon(p, q) <= np.log(2)).all()


def test_no_share_is_nothing() -> None:
    assert shares(np.asarray([0, 9])).tolist() == [0.05, 0.95]
