from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from sklearn.linear_model import LogisticRegression

from muster.checks.fairness.decisions.adjusted_odds import adjusted_odds
from muster.checks.kit import assert_lawful
from muster.columns.sample import Sample
from muster.records.evidence import Figure, Outcome
from muster.records.model import DecisionRule, Favourable


def drawn(rows: int = 3000) -> Sample:
    """Decisions that follow income only; groups have different incomes."""
    generator = np.random.default_rng(11)
    group = generator.choice(["a", "b", "c"], rows, p=[0.6, 0.39, 0.01])
    income = generator.normal(np.where(group == "b", -1.0, 0.0), 1.0)
    got = generator.random(rows) < 1 / (1 + np.exp(-1.5 * income))
    got[group == "c"] = True
    table = pa.table({"g": group, "income": income, "twice": 2 * income})
    rule = DecisionRule(0.5, Favourable.AT_LEAST)
    return Sample.of(table, got.astype(float), rule, name="drawn", digest="sha256:00", role="held-out")


def figures(sample: Sample, *controls: str) -> dict[str, Figure]:
    measured = adjusted_odds.measure(sample, {"attribute": "g", "reference": "a", "controls": list(controls)})
    assert not measured.reason
    return {figure.group: figure for figure in measured.figures}


def test_odds_are_those_of_scikit_learn_and_controls_explain_the_gap() -> None:
    sample = drawn()
    found = figures(sample, "income")["g=b"]
    group = np.asarray(sample.table["g"].to_pylist())
    kept = group != "c"
    matrix = np.column_stack((group[kept] == "b", sample.table["income"].to_numpy()[kept]))
    peer = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(matrix, sample.favourable[kept])
    assert found.value == pytest.approx(np.exp(peer.coef_[0][0]), rel=1e-4)
    assert found.low < 1 < found.high, "like incomes are favoured alike"
    got = sample.favourable
    plain = (
        got[group == "b"].mean()
        / (1 - got[group == "b"].mean())
        / (got[group == "a"].mean() / (1 - got[group == "a"].mean()))
    )
    assert plain < 0.4


def test_a_group_with_one_decision_is_shown_and_does_no_harm() -> None:
    nothing = figures(drawn(), "income")["g=c"]
    assert (nothing.value, nothing.low, nothing.high) == (0.0, None, None)
    assert "odds have no bounds" in nothing.note


def test_controls_that_determine_each_other_are_named() -> None:
    measured = adjusted_odds.measure(drawn(), {"attribute": "g", "controls": ["income", "twice"]})
    assert measured.outcome is Outcome.NOT_MEASURED
    assert "twice is determined by other columns of income, twice" in measured.reason
    table = drawn().table
    member = [float(group == "b") for group in table["g"].to_pylist()]
    sample = replace(drawn(), table=table.append_column("member", [member]))
    told = adjusted_odds.measure(sample, {"attribute": "g", "controls": ["member"]})
    assert told.reason == "member determine who is in which group of g: drop a control"


def test_it_keeps_the_laws() -> None:
    assert_lawful(adjusted_odds, {"attribute": "age", "bands": [25, 62], "controls": ["income", "late", "region"]})
