from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from tests.columns.explanation.models import LINEAR, RULE, by_definition, explainer, forest, people

from muster.columns.explanation.explainer import MOST_BACKGROUND, Explaining, reasons_for, spread
from muster.columns.forms import Form
from muster.records.model import DecisionRule, Favourable


@pytest.mark.parametrize("form", [LINEAR, forest()], ids=["linear", "trees"])
def test_shares_are_exact_for_factors_of_several_columns(form: Form) -> None:
    made = explainer(form)
    rows, background = people(30, 1), people(40, 2)
    found = made.against(background)
    expected = by_definition(
        form.margins, made.factors.players(made.plan), made.matrix(background), made.matrix(rows)[:5]
    )
    np.testing.assert_allclose(found.shares(rows)[:5], expected, rtol=0, atol=1e-12)
    scores = made(rows)
    np.testing.assert_allclose(
        found.baseline + found.shares(rows).sum(axis=1), np.log(scores / (1 - scores)), rtol=0, atol=1e-9
    )


def test_it_can_be_asked_for_reasons_and_a_plain_model_cannot() -> None:
    assert isinstance(explainer(LINEAR), Explaining)
    assert not isinstance(explainer(LINEAR).matrix, Explaining)


def test_reasons_of_a_linear_model_by_hand() -> None:
    everyone = people(4).set_column(0, "income", pa.array([1.0] * 4)).set_column(1, "late", pa.array([0] * 4))
    poor = everyone.slice(0, 1).set_column(0, "income", pa.array([-3.0])).set_column(1, "late", pa.array([2]))
    made = explainer(LINEAR)
    (reasons,) = reasons_for(made.factors, made.against(everyone), poor, RULE)
    # income: (-3 - 1) / 2 times -1.5 is 3; late: 2 times 0.8; place and age may not be named
    assert [(reason.factor, reason.statement) for reason in reasons] == [("money", "Income"), ("late", "Late payments")]
    assert [reason.against for reason in reasons] == pytest.approx([3.0, 1.6])
    merit = DecisionRule(0.5, Favourable.AT_LEAST)
    assert reasons_for(made.factors, made.against(everyone), poor, merit) == ((),)


def test_a_large_background_is_thinned_evenly_and_an_empty_one_refused() -> None:
    table = pa.table({"x": np.arange(3 * MOST_BACKGROUND)})
    thin = spread(table, MOST_BACKGROUND).column("x").to_pylist()
    assert len(set(thin)) == MOST_BACKGROUND
    assert (thin[0], thin[-1]) == (0, 3 * MOST_BACKGROUND - 1)
    with pytest.raises(ValueError, match="no row to explain against"):
        explainer(LINEAR).against(people(0))


def test_a_row_that_the_model_does_not_take_is_named() -> None:
    made = explainer(LINEAR)
    strange = people(2).set_column(2, "region", pa.array(["east", "mars"]))
    with pytest.raises(ValueError, match="column 'region', row 1: a category that the model was not trained on"):
        made.against(people(3)).shares(strange)
