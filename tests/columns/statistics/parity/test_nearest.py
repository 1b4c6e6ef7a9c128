import numpy as np
from sklearn.neighbors import NearestNeighbors

from muster.columns.statistics.parity.nearest import nearest


def test_neighbours_are_those_of_scikit_learn() -> None:
    matrix = np.random.default_rng(2).normal(size=(700, 4))
    found = nearest(matrix, 5)
    peer = NearestNeighbors(n_neighbors=5, algorithm="brute").fit(matrix).kneighbors(return_distance=False)
    assert (found == peer).all()


def test_ties_go_to_the_earlier_row_and_nobody_is_their_own_neighbour() -> None:
    assert nearest(np.asarray([[0.0], [0.0], [0.0], [9.0]]), 2).tolist() == [[1, 2], [0, 2], [0, 1], [0, 1]]
