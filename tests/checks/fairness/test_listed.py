from muster.checks.declare import Check
from muster.checks.fairness.listed import FAIRNESS
from muster.checks.kit import credit_sample
from muster.records.decision import Finding
from muster.records.evidence import Figure, Outcome
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
