import numpy as np
import pyarrow as pa
import pytest

from muster.checks.declare import Check
from muster.checks.fairness.listed import FAIRNESS
from muster.checks.kit import credit_sample
from muster.checks.sound import faults
from muster.columns.sample import Sample
from muster.records.decision import Finding
from muster.records.evidence import Figure, Outcome
from muster.records.model import DecisionRule, Favourable
from muster.records.policy import Comparison, Limit, Meets
from muster.rules.gate.limits import judge

RATES = {
    "accuracy",
    "adverse_precision",
    "deserving_rate",
    "false_favourable_rate",
    "favourable_precision",
    "favourable_rate",
    "group_share",
    "true_favourable_rate",
    "wrongly_refused_share",
}
"""What describes people of a group: of an empty group it says nothing, and is not given."""

BESIDE = {
    "group_imbalance",
    "impact_ratio_change",
    "impact_ratio_highest",
    "label_jensen_shannon",
    "label_kullback_leibler",
}
"""What only explains another figure of the same check, which an empty group does have."""

HIGH = {
    "adjusted_odds_ratio",
    "adjusted_p_value",
    "calibration_slope",
    "conditional_odds_ratio",
    "conditional_p_value",
    "homogeneity_p",
    "group_auc",
    "impact_ratio",
    "impact_ratio_lowest",
    "impact_ratio_without",
    "odds_ratio",
    "p_value",
    "standardised_mean_difference",
    "z_score",
}
"""Figures of which a control demands at least something; of all others, at most."""

OTHERWISE = {"fairness.amount_gap", "fairness.flip", "fairness.proxy"}
"""Of other samples; or their groups are what people are changed to, or predicted, not what is compared."""

MORE = {
    "fairness.adjusted_odds": {"controls": ["income"]},
    "fairness.disparity": {"strata": ["region"]},
    "fairness.label_disparity": {"reference": "62-99", "strata": ["region"]},
    "fairness.odds_ratio": {"strata": ["region"]},
}


def measured_with_an_empty_band() -> dict[Check, tuple[Figure, ...]]:
    """Measure groups of which one, the people of 100 and over, has nobody."""
    found = {}
    for check in FAIRNESS:
        if {"attribute", "bands"} <= set(check.parameters) and check.name not in OTHERWISE:
            asked = {"attribute": "age", "bands": [62, 100], **MORE.get(check.name, {})}
            measurement = check.measure(credit_sample(), asked)
            assert measurement.outcome is Outcome.MEASURED, (check.name, measurement.reason)
            found[check] = measurement.figures
    return found


def test_an_empty_group_is_never_left_out_and_meets_no_limit() -> None:
    judged = 0
    for check, figures in measured_with_an_empty_band().items():
        others = {figure.name for figure in figures if figure.group.endswith("age=under 62")} - RATES
        for name in others - BESIDE:
            empty = [each for each in figures if each.name == name and each.group.endswith("age=100 and over")]
            assert empty, (check.name, name)
            limit = (Comparison.AT_LEAST, 0.01) if name in HIGH else (Comparison.AT_MOST, 0.99)
            for meets in Meets:
                finding, _ = judge(Limit(name, *limit, meets), empty)
                assert finding in {Finding.NOT_MET, Finding.NOT_ENOUGH_EVIDENCE}, (check.name, name, meets)
                judged += 1
    assert judged >= 30


def test_every_check_says_how_it_was_measured_and_none_calls_a_model_unbiased() -> None:
    for check in FAIRNESS:
        text = check.documentation.casefold()
        assert "unbiased" not in text
        assert "debias" not in text
        assert check.name.startswith("fairness.")
    assert len({check.name for check in FAIRNESS}) == len(FAIRNESS)


def strange_column(generator: np.random.Generator, rows: int) -> pa.Array:
    """Return a column of one of the kinds that files hold: gaps, one value, rare values, nothing at all."""
    numbers = generator.normal(40, 20, rows)
    kinds = (
        pa.array(generator.choice(["a", "b", "c"], rows)),
        pa.array(generator.choice(["a", "b", None], rows), pa.string()),
        pa.array(np.where(generator.random(rows) < 0.2, np.nan, numbers)),
        pa.array([None] * rows, pa.float64()),
        pa.array(generator.random(rows) < 0.5),
        pa.array(["a"] * rows),
        pa.array(generator.choice(["a", "b"], rows, p=[0.98, 0.02])).dictionary_encode(),
        pa.array(generator.integers(18, 90, rows)),
    )
    return kinds[generator.integers(len(kinds))]


def strange_sample(generator: np.random.Generator) -> Sample:
    """Return few rows of strange columns, with a model that reads two of them."""
    rows = int(generator.choice([1, 2, 5, 40]))
    table = pa.table({name: strange_column(generator, rows) for name in "xyzw"})
    table = table.append_column("t", pa.array(generator.integers(0, 2, rows)))
    table = table.append_column("p", pa.array(generator.random(rows) / 2))

    def model(changed: pa.Table) -> np.ndarray:
        return np.where(np.asarray(changed["x"].is_valid()), 0.2, 0.7)

    rule = DecisionRule(float(generator.choice([0.0, 0.3, 1.0])), Favourable(generator.choice(list(Favourable))))
    made = Sample.of(
        table, model(table), rule, name="strange", digest="sha256:00", role="held-out", target="t", inputs=("x", "y")
    )
    return made.beside(rescorer=model)


@pytest.mark.parametrize("seed", range(15))
def test_strange_samples_give_sound_figures_or_a_reason(seed: int) -> None:
    generator = np.random.default_rng(seed)
    sample = strange_sample(generator)
    attribute, other, stratum = generator.permutation(["x", "y", "z", "w"])[:3].tolist()
    for check in FAIRNESS:
        for reference in (None, "a", "unknown", "true"):
            given = {
                "attribute": attribute, "cross": [other], "strata": [stratum], "controls": [stratum], "sex": attribute,
                "race": other, "bands": {name: [30, 62] for name in (attribute, other) if seed % 2},
                "probabilities": {"a": "p", "b": "p"}, "minimum_group": 1, "columns": [attribute],
                "reference": reference,
            }  # fmt: skip
            known = {name: value for name, value in given.items() if name in check.parameters and value is not None}
            measured = check.measure(sample, known)
            assert not faults(measured), (check.name, known)
            for figure in measured.figures:
                assert figure.low is None or figure.low <= figure.value <= figure.high, (check.name, figure)
