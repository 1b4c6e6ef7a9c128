from dataclasses import replace

import numpy as np
import pytest

from muster.checks.fairness.impact_ratio import impact_ratio
from muster.checks.fairness.reference import compare
from muster.checks.fairness.scores.thresholds import count_favoured, thresholds
from muster.checks.kit import assert_lawful, credit_sample
from muster.columns.sample import Sample
from muster.records.evidence import Figure
from muster.records.model import DecisionRule, Favourable

ASKED = {"attribute": "age", "bands": [25, 62], "reference": "25-61"}


def figures(sample: Sample, **more: object) -> dict[tuple[str, str], Figure]:
    measured = thresholds.measure(sample, {**ASKED, **more})
    assert not measured.reason
    return {(figure.name, figure.group): figure for figure in measured.figures}


@pytest.mark.parametrize("favourable", list(Favourable))
def test_each_threshold_gives_what_the_impact_ratio_gives_there(favourable: Favourable) -> None:
    sample = credit_sample(rule=DecisionRule(0.3, favourable))
    found = figures(sample, thresholds=[0.3, 0.1, 0.45])
    for threshold in (0.1, 0.3, 0.45):
        there = replace(sample, rule=DecisionRule(threshold, favourable))
        for figure in impact_ratio.measure(there, ASKED).figures:
            if figure.name == "impact_ratio" and figure.value != 1.0:
                assert found["impact_ratio_at", f"{figure.group} at {threshold:g}"] == replace(
                    figure, name="impact_ratio_at", group=f"{figure.group} at {threshold:g}"
                )
        assert found["favourable_rate_at", f"at {threshold:g}"].value == there.favourable.mean()


def test_a_score_on_a_threshold_falls_as_the_rule_has_it() -> None:
    sample = credit_sample()
    scores = np.round(sample.scores, 1)
    limits = np.asarray([0.1, 0.2, 0.3])
    for favourable in Favourable:
        rounded = credit_sample(scores=scores, rule=DecisionRule(0.2, favourable))
        compared = compare(rounded, ASKED)
        by_rule = [replace(rounded, rule=DecisionRule(limit, favourable)).favourable.sum() for limit in limits.tolist()]
        assert count_favoured(rounded, compared, limits).sum(axis=0).tolist() == by_rule


def test_where_nobody_is_favoured_nothing_is_known() -> None:
    nobody = figures(credit_sample(), thresholds=[0])["impact_ratio_at", "age=under 25 at 0"]
    assert (nobody.value, nobody.n, nobody.low) == (0.0, 0, None)
    assert "thresholds" in thresholds.measure(credit_sample(), {**ASKED, "thresholds": [2]}).reason


def test_it_keeps_the_laws() -> None:
    assert_lawful(thresholds, ASKED)
