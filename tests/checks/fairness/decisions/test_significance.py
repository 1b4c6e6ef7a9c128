import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from muster.checks.fairness.decisions.significance import significance
from muster.checks.kit import assert_lawful, credit_sample
from muster.columns.sample import Sample
from muster.records.evidence import Figure
from muster.records.model import DecisionRule, Favourable


def sample_of(**counts: tuple[int, int]) -> Sample:
    """Make a sample of groups with so many favoured people of so many."""
    groups = [name for name, (_, size) in counts.items() for _ in range(size)]
    scores = [float(place < hits) for hits, size in counts.values() for place in range(size)]
    rule = DecisionRule(0.5, Favourable.AT_LEAST)
    return Sample.of(pa.table({"g": groups}), scores, rule, name="counts", digest="sha256:00", role="held-out")


def figures(sample: Sample, **parameters: object) -> dict[tuple[str, str], Figure]:
    measured = significance.measure(sample, {"attribute": "g", **parameters})
    assert not measured.reason
    return {(figure.name, figure.group): figure for figure in measured.figures}


def test_z_and_p_values_are_those_of_scipy() -> None:
    found = figures(sample_of(a=(80, 100), b=(60, 100), c=(1, 4)))
    chi = stats.chi2_contingency([[60, 40], [80, 20]], correction=False)
    assert found["z_score", "g=b"].value == pytest.approx(-np.sqrt(chi.statistic))
    assert found["p_value", "g=b"].value == pytest.approx(chi.pvalue)
    assert found["p_value", "g=b"].note == "z test"
    small = found["p_value", "g=c"]
    assert small.note == "Fisher's exact test"
    assert small.value == pytest.approx(stats.fisher_exact([[1, 3], [80, 20]]).pvalue)
    assert found["adjusted_p_value", "g=b"].value == pytest.approx(2 * chi.pvalue), "Holm: the smaller of two, doubled"
    assert ("z_score", "g=a") not in found


def test_correction_is_chosen_by_the_control() -> None:
    sample = sample_of(a=(80, 100), b=(60, 100), c=(62, 100), d=(64, 100))
    mild = figures(sample, correction="benjamini-hochberg")
    strict = figures(sample)
    assert mild["adjusted_p_value", "g=b"].value == strict["adjusted_p_value", "g=b"].value
    assert mild["adjusted_p_value", "g=c"].value < strict["adjusted_p_value", "g=c"].value
    refused = significance.measure(sample, {"attribute": "g", "correction": "bonferroni"})
    assert "must be holm or benjamini-hochberg" in refused.reason


def test_false_alarms_stay_under_five_in_a_hundred() -> None:
    alarms = 0
    for seed in range(150):
        got = np.random.default_rng(seed).random(600) < 0.5
        sample = credit_sample(600, seed, favourable=got)
        measured = significance.measure(sample, {"attribute": "region", "cross": ["sex"], "reference": "east x female"})
        alarms += any(figure.value < 0.05 for figure in measured.figures if figure.name == "adjusted_p_value")
    assert alarms <= 15


def test_an_empty_band_is_not_passed_over() -> None:
    measured = significance.measure(credit_sample(), {"attribute": "age", "bands": [40, 100]})
    nobody = [figure for figure in measured.figures if figure.group == "age=100 and over"]
    assert [(figure.name, figure.value, figure.n) for figure in nobody] == [
        ("z_score", -10.0, 0),
        ("p_value", 0.0, 0),
        ("adjusted_p_value", 0.0, 0),
    ]


def test_it_keeps_the_laws() -> None:
    assert_lawful(significance, {"attribute": "age", "bands": [25, 62]})
