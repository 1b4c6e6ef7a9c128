from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest

from muster.checks.fairness.reference import compare
from muster.columns.sample import Sample


def grouped(make_sample: Callable[..., Sample], groups: list[str | None], scores: list[float]) -> Sample:
    return make_sample(table=pa.table({"g": groups}), scores=np.asarray(scores), target="", inputs=())


def test_most_favoured_group_of_enough_rows_is_the_reference(make_sample: Callable[..., Sample]) -> None:
    groups = ["small"] * 5 + ["a"] * 40 + ["b"] * 40 + [None] * 40
    scores = [0.1] * 5 + [0.1] * 30 + [0.9] * 10 + [0.1] * 20 + [0.9] * 20 + [0.1] * 40
    sample = grouped(make_sample, groups, scores)
    found = compare(sample, {"attribute": "g"})
    assert found.grouping.label(found.reference) == "g=a"
    assert found.how == "most favoured of the groups with at least 30 rows"
    small = compare(sample, {"attribute": "g", "minimum_group": 5})
    assert small.grouping.label(small.reference) == "g=small"
    named = compare(sample, {"attribute": "g", "reference": "b"})
    assert (named.grouping.label(named.reference), named.how) == ("g=b", "named by the control")
    assert found.asked == (0, 1, 2, 3), "unknown is a group like any other, but never the reference"


def test_no_reference_no_comparison(make_sample: Callable[..., Sample]) -> None:
    sample = grouped(make_sample, ["a"] * 10 + ["b"] * 10, [0.9] * 20)
    with pytest.raises(ValueError, match="no group of g has the 30 rows that a reference needs"):
        compare(sample, {"attribute": "g"})
    with pytest.raises(ValueError, match="nobody in the reference group g=a"):
        compare(sample, {"attribute": "g", "minimum_group": 10})
    with pytest.raises(ValueError, match="g has no group 'c'"):
        compare(sample, {"attribute": "g", "reference": "c"})
    alone = grouped(make_sample, ["a"] * 40 + [None] * 40, [0.1] * 80)
    for named in ({}, {"reference": "a"}):
        with pytest.raises(ValueError, match="rows in one known group at most"):
            compare(alone, {"attribute": "g", **named})


def test_attributes_are_crossed_each_with_its_bands(make_sample: Callable[..., Sample]) -> None:
    asked = {"attribute": "region", "cross": ["age"], "bands": {"age": [25]}}
    found = compare(make_sample(), asked)
    assert found.grouping.attribute == "region x age"
    assert found.grouping.names[0] == "north x under 25"
    with pytest.raises(ValueError, match="which of region, age are the bands of"):
        compare(make_sample(), {**asked, "bands": [25]})
    with pytest.raises(ValueError, match="region cannot be crossed with itself"):
        compare(make_sample(), {**asked, "cross": ["region"]})


def test_weighted_rows_are_not_counted_as_people(make_sample: Callable[..., Sample]) -> None:
    with pytest.raises(ValueError, match="weights its rows: fairness counts people"):
        compare(make_sample(weights=np.full(4000, 0.5)), {"attribute": "region"})


def test_absent_attribute_is_named(make_sample: Callable[..., Sample]) -> None:
    with pytest.raises(ValueError, match="there is no column 'SEX'"):
        compare(make_sample(), {"attribute": "SEX"})
