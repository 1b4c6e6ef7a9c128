from __future__ import annotations

import numpy as np
import pytest
from tests.columns.explanation import models
from tests.columns.explanation.models import INPUTS, LINEAR, REASONS, explainer, forest, people

from muster.columns.explanation.explainer import Explaining
from muster.columns.explanation.sampled import AT_ONCE, SampledExplainer, margins


def sampled(rows: int = 40) -> SampledExplainer:
    return SampledExplainer(explainer(forest()), INPUTS, REASONS, rows=rows)


def test_shares_add_up_to_the_margin_and_come_near_the_exact_ones() -> None:
    rows, background = people(25, 1), people(200, 2)
    found, exact = sampled(200).against(background), explainer(forest()).against(background)
    assert found.baseline == pytest.approx(exact.baseline, abs=1e-9)
    np.testing.assert_allclose(found.baseline + found.shares(rows).sum(axis=1), margins(sampled()(rows)), atol=1e-9)
    assert np.abs(found.shares(rows) - exact.shares(rows)).max() < 0.25
    assert np.corrcoef(found.shares(rows).ravel(), exact.shares(rows).ravel())[0, 1] > 0.98


def test_a_model_without_interactions_is_exact_from_any_orders() -> None:
    rows, background = people(10, 1), people(40, 2)
    plain = explainer(LINEAR)
    found = SampledExplainer(plain, INPUTS, REASONS, rows=40).against(background)
    np.testing.assert_allclose(found.shares(rows), plain.against(background).shares(rows), rtol=0, atol=1e-9)


def test_a_row_has_the_same_shares_alone_and_among_others_however_they_are_cut() -> None:
    rows, found = people(AT_ONCE // (2 * 40 * 5) + 30, 1), sampled(40).against(people(50, 2))
    shares = found.shares(rows)
    assert shares.shape == (rows.num_rows, 4)
    assert found.shares(rows.slice(rows.num_rows - 1)).tobytes() == shares[-1:].tobytes()
    assert found.shares(rows.slice(0, 0)).shape == (0, 4)


def test_it_explains_and_certain_scores_have_margins() -> None:
    assert isinstance(sampled(), Explaining)
    assert np.isfinite(margins(np.array([0.0, 1.0]))).all()
    assert margins(np.array([0.5])).tolist() == [0.0]
    assert models.RULE.threshold == 0.5
