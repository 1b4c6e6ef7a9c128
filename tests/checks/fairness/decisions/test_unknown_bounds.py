import itertools

import numpy as np
import pyarrow as pa
import pytest

from muster.checks.fairness.decisions.unknown_bounds import unknown_bounds
from muster.checks.fairness.impact_ratio import impact_ratio
from muster.checks.kit import assert_lawful, credit_sample
from muster.columns.sample import Sample
from muster.records.model import DecisionRule, Favourable


def sample_of(groups: list[str | None], got: list[bool]) -> Sample:
    scores = np.asarray(got, dtype=np.float64)
    rule = DecisionRule(0.5, Favourable.AT_LEAST)
    return Sample.of(pa.table({"g": groups}), scores, rule, name="few", digest="sha256:00", role="held-out")


def test_no_assignment_of_the_unknown_leaves_the_bounds_and_some_reach_them() -> None:
    known, known_got = ["a"] * 6 + ["b"] * 5, [True] * 4 + [False] * 2 + [True] * 2 + [False] * 3
    lost_got = [True, True, False, False, False]
    measured = unknown_bounds.measure(
        sample_of([*known, *[None] * 5], [*known_got, *lost_got]), {"attribute": "g", "reference": "a"}
    )
    found = {figure.name: figure.value for figure in measured.figures}
    ratios = []
    for groups in itertools.product("ab", repeat=5):
        sample = sample_of([*known, *groups], [*known_got, *lost_got])
        figures = impact_ratio.measure(sample, {"attribute": "g", "reference": "a"}).figures
        ratios.append(next(each.value for each in figures if (each.name, each.group) == ("impact_ratio", "g=b")))
    assert found["impact_ratio_lowest"] == pytest.approx(min(ratios))
    assert found["impact_ratio_highest"] == pytest.approx(max(ratios))


def test_with_nobody_unknown_both_are_the_ratio() -> None:
    sample, asked = credit_sample(), {"attribute": "sex", "reference": "male"}
    plain = impact_ratio.measure(sample, asked).figures
    ratio = next(each.value for each in plain if (each.name, each.group) == ("impact_ratio", "sex=female"))
    assert [figure.value for figure in unknown_bounds.measure(sample, asked).figures] == pytest.approx([ratio, ratio])


def test_unknown_people_are_no_reference() -> None:
    sample = sample_of(["a", "b", None], [True, True, True])
    refused = unknown_bounds.measure(sample, {"attribute": "g", "reference": "unknown"})
    assert "g=unknown cannot be the reference here" in refused.reason


def test_it_keeps_the_laws_and_shows_empty_bands() -> None:
    measured = assert_lawful(unknown_bounds, {"attribute": "age", "bands": [40, 100]})
    assert ("impact_ratio_lowest", 0.0, 0) in [(each.name, each.value, each.n) for each in measured.figures]
