from collections.abc import Callable

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from muster.checks.fairness.scores.group_calibration import group_calibration
from muster.checks.kit import assert_lawful, credit_sample
from muster.columns.sample import Sample
from muster.records.evidence import Figure


def figures(sample: Sample, **parameters: object) -> dict[tuple[str, str], Figure]:
    measured = group_calibration.measure(sample, parameters)
    assert not measured.reason
    return {(figure.name, figure.group): figure for figure in measured.figures}


def test_gap_slope_and_error_by_hand(make_sample: Callable[..., Sample]) -> None:
    sample = make_sample()
    found = figures(sample, attribute="age", bands=[25], bins=4)
    young = sample.table["age"].to_numpy() < 25
    scores, labels = sample.scores[young], sample.labels[young]
    gap = found["calibration_gap", "age=under 25"]
    assert gap.value == pytest.approx(abs(scores.mean() - labels.mean()))
    odds = np.log(scores / (1 - scores))[:, None]
    peer = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(odds, labels)
    slope = found["calibration_slope", "age=under 25"]
    assert slope.value == pytest.approx(peer.coef_[0][0], rel=1e-4)
    assert slope.low < 1 < slope.high
    limits = np.quantile(sample.scores, [0.25, 0.5, 0.75], method="inverted_cdf")
    places = np.searchsorted(limits, scores, side="left")
    ece = sum(abs((scores[places == place] - labels[places == place]).sum()) for place in range(4)) / scores.size
    assert found["group_ece", "age=under 25"].value == pytest.approx(ece)


def test_a_score_that_is_wrong_for_one_group_shows(make_sample: Callable[..., Sample]) -> None:
    sample = make_sample()
    north = np.asarray(sample.table["region"].to_pylist()) == "north"
    scores = np.where(north, sample.scores, np.clip(sample.scores + 0.15, 0, 1))
    found = figures(make_sample(scores=scores), attribute="region")
    assert found["calibration_gap", "region=north"].low == 0.0
    assert found["calibration_gap", "region=south"].low > 0.08
    assert found["group_ece", "region=south"].low > 0.08


def test_limits_hold_for_calibrated_scores() -> None:
    held = 0
    for seed in range(60):
        found = figures(credit_sample(500, seed), attribute="sex")
        slope = found["calibration_slope", "sex=female"]
        held += found["calibration_gap", "sex=female"].low == found["group_ece", "sex=female"].low == 0.0
        held += slope.low <= 1 <= slope.high
    assert held >= 110


def test_a_group_without_rows_or_without_defaults_is_shown(make_sample: Callable[..., Sample]) -> None:
    found = figures(make_sample(), attribute="age", bands=[25, 100])
    nobody = found["calibration_gap", "age=100 and over"]
    assert (nobody.value, nobody.n, nobody.high) == (1.0, 0, 1.0)
    sample = make_sample()
    few = np.flatnonzero(~sample.labels)[:5]
    table = sample.table.append_column("g", [["b" if row in few else "a" for row in range(sample.rows)]])
    found = figures(make_sample(table=table), attribute="g")
    slope = found["calibration_slope", "g=b"]
    assert (slope.value, slope.n, slope.low) == (0.0, 0, None)
    assert found["calibration_gap", "g=b"].high > 0.2, "five rows without a default prove little"


def test_it_keeps_the_laws() -> None:
    assert_lawful(group_calibration, {"attribute": "sex", "cross": ["region"]})
