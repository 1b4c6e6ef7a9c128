from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from muster.checks.fairness.scores.score_gap import score_gap
from muster.checks.kit import assert_lawful
from muster.columns.sample import Sample
from muster.records.evidence import Figure, Outcome
from muster.records.model import DecisionRule, Favourable


def figures(sample: Sample, **parameters: object) -> dict[tuple[str, str], Figure]:
    measured = score_gap.measure(sample, parameters)
    assert not measured.reason
    return {(figure.name, figure.group): figure for figure in measured.figures}


def test_distances_are_those_of_scipy(make_sample: Callable[..., Sample]) -> None:
    sample = make_sample()
    found = figures(sample, attribute="age", bands=[25], reference="25 and over")
    young = sample.table["age"].to_numpy() < 25
    own, standard = 1 - sample.scores[young], 1 - sample.scores[~young]
    smd = found["standardised_mean_difference", "age=under 25"]
    squares = ((own - own.mean()) ** 2).sum() + ((standard - standard.mean()) ** 2).sum()
    assert smd.value == pytest.approx((own.mean() - standard.mean()) / np.sqrt(squares / (sample.rows - 2)))
    assert smd.high < 0, "the young score worse"
    assert smd.note.startswith("mean score worse by")
    distance = found["score_distance", "age=under 25"]
    assert distance.value == pytest.approx(stats.ks_2samp(own, standard).statistic)
    assert distance.low <= distance.value <= distance.high
    assert found["standardised_mean_difference", "age=25 and over"].high == 0.0


def test_interval_covers_a_known_shift() -> None:
    covered = 0
    for seed in range(200):
        generator = np.random.default_rng(seed)
        group = generator.random(300) < 0.4
        scores = np.clip(0.5 + 0.05 * group + generator.normal(0, 0.1, 300), 0, 1)
        table = pa.table({"g": np.where(group, "b", "a")})
        rule = DecisionRule(0.5, Favourable.AT_LEAST)
        sample = Sample.of(table, scores, rule, name="drawn", digest="sha256:00", role="held-out")
        found = figures(sample, attribute="g", reference="a")["standardised_mean_difference", "g=b"]
        covered += found.low <= 0.5 <= found.high
    assert 182 <= covered <= 199


def test_scores_that_do_not_vary(make_sample: Callable[..., Sample]) -> None:
    table = pa.table({"g": ["a"] * 40 + ["b"] * 40 + ["c"]})
    same = make_sample(table=table, scores=np.full(81, 0.1), target="", inputs=())
    found = figures(same, attribute="g", reference="a")
    same = found["standardised_mean_difference", "g=b"]
    assert (same.value, same.low, same.high, same.note) == (0.0, 0.0, 0.0, "")
    assert (found["score_distance", "g=c"].value, found["score_distance", "g=c"].n) == (1.0, 1)
    apart = make_sample(table=table, scores=np.repeat([0.1, 0.2], [40, 41]), target="", inputs=())
    measured = score_gap.measure(apart, {"attribute": "g", "reference": "a"})
    assert measured.outcome is Outcome.NOT_MEASURED
    assert "no standard deviation to divide by" in measured.reason


def test_one_row_is_no_reference(make_sample: Callable[..., Sample]) -> None:
    table = pa.table({"g": ["a"] * 40 + ["c"]})
    sample = make_sample(table=table, scores=np.full(41, 0.1), target="", inputs=())
    assert "g=c has one row" in score_gap.measure(sample, {"attribute": "g", "reference": "c"}).reason


def test_it_keeps_the_laws() -> None:
    assert_lawful(score_gap, {"attribute": "age", "bands": [25, 62]})
