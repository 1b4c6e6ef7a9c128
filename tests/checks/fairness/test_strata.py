from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest

from muster.checks.fairness.strata import count_by, strata_of
from muster.columns.sample import Sample


def test_strata_are_crossings_with_their_own_bands(make_sample: Callable[..., Sample]) -> None:
    sample = make_sample()
    assert strata_of(sample, {"attribute": "age", "bands": [25]}) is None
    strata = strata_of(sample, {"attribute": "age", "bands": [25], "strata": ["region"]})
    assert strata is not None
    assert strata.names == ("north", "south", "unknown")
    both = strata_of(sample, {"strata": ["region", "income"], "bands": {"income": [20_000], "age": [25]}})
    assert both is not None
    assert both.attribute == "region x income"
    with pytest.raises(ValueError, match="income has .* different values, too many"):
        strata_of(sample, {"strata": ["income"], "bands": [25]})


def test_the_attribute_itself_is_never_held_equal(make_sample: Callable[..., Sample]) -> None:
    for parameters in ({"attribute": "region"}, {"attribute": "age", "cross": ["region"]}):
        with pytest.raises(ValueError, match="region is what groups are made of"):
            strata_of(make_sample(), {**parameters, "strata": ["region"]})


def test_counts_are_those_of_each_cell(make_sample: Callable[..., Sample]) -> None:
    table = pa.table({"g": ["a", "b", "a", None, "b"], "s": ["x", "x", "y", "y", None]})
    sample = make_sample(table=table, scores=[0.1] * 5, target="", inputs=())
    got = np.asarray([True, False, True, False, True])
    cells = count_by(strata_of(sample, {"strata": ["s"]}), sample.groups("g"), got)
    assert cells.shape == (3, 3, 2)
    assert [tuple(place) for place in np.argwhere(cells).tolist()] == [
        (0, 0, 1),
        (0, 1, 0),
        (1, 0, 1),
        (1, 2, 0),
        (2, 1, 1),
    ]
    assert (count_by(None, sample.groups("g"), got)[0] == cells.sum(axis=0)).all()
