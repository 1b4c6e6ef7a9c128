from __future__ import annotations

import numpy as np
from tests.columns.explanation.models import drawn, grown

from muster.columns.explanation.paths import Paths
from muster.columns.forms import Trees


def test_a_row_has_the_empty_pattern_at_the_leaf_of_each_tree_that_it_comes_to_and_at_no_other() -> None:
    rng = np.random.default_rng(4)
    form, rows = Trees(0.25, tuple(grown(rng, 4, 5) for _ in range(8))), drawn(rng, 200, 4)
    paths = Paths(form, np.arange(4))
    reached = paths.patterns(rows) == 0
    assert (reached.sum(axis=1) == sum(not tree.leaf[0] for tree in form.trees)).all()
    np.testing.assert_allclose(paths.constant + reached @ paths.value, form.margins(rows), rtol=0, atol=1e-12)


def test_no_trees_have_no_leaves() -> None:
    paths = Paths(Trees(0.25, ()), np.arange(2))
    assert paths.constant == 0.25
    assert paths.patterns(np.zeros((3, 2))).shape == (3, 0)
