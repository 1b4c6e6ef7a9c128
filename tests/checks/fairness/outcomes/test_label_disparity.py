import numpy as np
import pyarrow as pa
import pytest
from scipy.spatial.distance import jensenshannon
from scipy.stats import entropy

from muster.checks.fairness.outcomes.label_disparity import label_disparity
from muster.checks.kit import assert_lawful
from muster.columns.sample import Sample
from muster.columns.statistics.intervals import difference
from muster.records.evidence import Figure, Outcome
from muster.records.model import DecisionRule, Favourable


def sample_of(rows: int = 3000, effect: float = 0.2, seed: int = 0) -> Sample:
    """Labels that depend on a stratum, and on the group as strongly as asked."""
    generator = np.random.default_rng(seed)
    group = generator.random(rows) < 0.3
    table = pa.table(
        {
            "g": np.where(group, "b", "a"),
            "s": generator.choice(["x", "y"], rows),
            "good": (generator.random(rows) < 0.6 - effect * group).astype(np.int64),
        }
    )
    return Sample.of(
        table, np.full(rows, 0.5), DecisionRule(0.5, Favourable.AT_LEAST),
        name="labels", digest="sha256:00", role="training", target="good",
    )  # fmt: skip


def figures(sample: Sample, **parameters: object) -> dict[tuple[str, str], Figure]:
    measured = label_disparity.measure(sample, {"attribute": "g", "reference": "a", **parameters})
    assert not measured.reason
    return {(figure.name, figure.group): figure for figure in measured.figures}


def test_differences_and_divergences_are_those_of_scipy() -> None:
    sample = sample_of()
    found = figures(sample)
    inside = np.asarray(sample.table["g"].to_pylist()) == "b"
    p, q = sample.labels[~inside].mean(), sample.labels[inside].mean()
    low, high = difference(sample.labels[~inside].sum(), (~inside).sum(), sample.labels[inside].sum(), inside.sum())
    apart = found["label_difference", "g=b"]
    assert (apart.value, apart.low, apart.high) == pytest.approx((p - q, low, high))
    assert found["label_total_variation", "g=b"].value == pytest.approx(p - q)
    kl, js = found["label_kullback_leibler", "g=b"], found["label_jensen_shannon", "g=b"]
    assert kl.value == pytest.approx(entropy([1 - p, p], [1 - q, q]), rel=0.01)
    assert js.value == pytest.approx(jensenshannon([1 - p, p], [1 - q, q]) ** 2, rel=0.01)
    assert 0 < kl.low < kl.value < kl.high
    imbalance = found["group_imbalance", "g=b"]
    assert imbalance.value == pytest.approx(((~inside).sum() - inside.sum()) / inside.size)
    assert imbalance.low < imbalance.value < imbalance.high
    bad = ~sample.labels
    expected = bad[inside].sum() / bad.sum() - sample.labels[inside].sum() / sample.labels.sum()
    assert found["label_demographic_disparity", "g=b"].value == pytest.approx(expected)


def test_no_difference_is_within_the_intervals() -> None:
    held = 0
    for seed in range(60):
        found = figures(sample_of(600, 0.0, seed))
        held += found["label_kullback_leibler", "g=b"].low == 0.0
    assert held >= 52


def test_strata_are_named_in_the_method() -> None:
    measured = label_disparity.measure(sample_of(), {"attribute": "g", "reference": "a", "strata": ["s"]})
    assert "within strata of s, averaged by their rows" in measured.method


def test_a_reference_is_needed() -> None:
    assert label_disparity.measure(sample_of(), {"attribute": "g"}).outcome is Outcome.NOT_MEASURED
    empty = label_disparity.measure(sample_of(), {"attribute": "g", "reference": "unknown"})
    assert "the reference group has no rows" in empty.reason


def test_it_keeps_the_laws() -> None:
    parameters = {"attribute": "age", "bands": [25, 62], "reference": "25-61", "strata": ["region"]}
    assert_lawful(label_disparity, parameters)
