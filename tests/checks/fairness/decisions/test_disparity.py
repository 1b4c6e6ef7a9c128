import numpy as np
import pyarrow as pa
import pytest

from muster.checks.fairness.decisions.disparity import disparities
from muster.checks.kit import assert_lawful, credit_sample
from muster.columns.sample import Sample
from muster.records.evidence import Figure
from muster.records.model import DecisionRule, Favourable

DEPARTMENTS = {
    "A": (512, 313, 89, 19),
    "B": (353, 207, 17, 8),
    "C": (120, 205, 202, 391),
    "D": (138, 279, 131, 244),
    "E": (53, 138, 94, 299),
    "F": (22, 351, 24, 317),
}


def berkeley() -> Sample:
    """Return the admissions of 1973: men and women, admitted and rejected, in six departments."""
    counts = np.asarray(list(DEPARTMENTS.values())).reshape(-1)
    table = pa.table(
        {
            "sex": np.repeat(np.tile(["m", "m", "f", "f"], 6), counts),
            "department": np.repeat(np.repeat(list(DEPARTMENTS), 4), counts),
        }
    )
    scores = np.repeat(np.tile([1.0, 0.0], 12), counts)
    rule = DecisionRule(0.5, Favourable.AT_LEAST)
    return Sample.of(table, scores, rule, name="berkeley", digest="sha256:00", role="held-out")


def figures(sample: Sample, **parameters: object) -> dict[tuple[str, str], Figure]:
    measured = disparities.measure(sample, parameters)
    assert not measured.reason
    return {(figure.name, figure.group): figure for figure in measured.figures}


def test_a_difference_that_strata_explain() -> None:
    found = figures(berkeley(), attribute="sex", strata=["department"])
    parity = found["statistical_parity_difference", "sex=f"]
    assert parity.value == pytest.approx(1198 / 2691 - 557 / 1835)
    assert parity.note == "lower than the reference group"
    overall = found["demographic_disparity", "sex=f"]
    assert overall.value == pytest.approx(1278 / 2771 - 557 / 1755)
    assert overall.low > 0.1
    within = found["conditional_demographic_disparity", "sex=f"]
    assert within.value < 0 < within.high, "women were not refused more within departments"
    assert within.value == pytest.approx(-found["conditional_demographic_disparity", "sex=m"].value)


def test_without_strata_there_is_nothing_conditional() -> None:
    assert not [name for name, _ in figures(berkeley(), attribute="sex") if name.startswith("conditional")]


def test_intervals_cover_a_disparity_of_nothing() -> None:
    held = 0
    for seed in range(60):
        got = np.random.default_rng(seed).random(400) < 0.6
        decided = credit_sample(400, seed, favourable=got)
        found = figures(decided, attribute="sex", strata=["region"], reference="male")
        both = [found[name, "sex=female"] for name in ("demographic_disparity", "conditional_demographic_disparity")]
        held += all(figure.low <= 0 <= figure.high for figure in both)
    assert held >= 52


def test_it_keeps_the_laws_and_needs_somebody_refused() -> None:
    parameters = {"attribute": "sex", "cross": ["region"], "strata": ["late"]}
    assert_lawful(disparities, parameters)
    nobody = credit_sample(favourable=np.ones(1000, dtype=bool))
    assert "everybody got the favourable decision" in disparities.measure(nobody, parameters).reason
