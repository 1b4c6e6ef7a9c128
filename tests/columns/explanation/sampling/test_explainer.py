from __future__ import annotations

import numpy as np
import pytest
from tests.columns.explanation.models import INPUTS, LINEAR, REASONS, explainer, forest, people

from muster.columns.explanation.explainer import Explainer, Explaining
from muster.columns.explanation.factors import Factors
from muster.columns.explanation.sampling.coalitions import margins
from muster.columns.explanation.sampling.explainer import SampledExplainer, explainer_of, mixed_rows
from muster.columns.plan import Plan
from muster.columns.rescoring import PlanRescorer


def sampled() -> SampledExplainer:
    return SampledExplainer(explainer(forest()), INPUTS, REASONS)


def test_with_few_factors_shares_are_exact_against_the_references() -> None:
    rows, found = people(25, 1), sampled()
    references = found.references(people(200, 2))
    exact, told = explainer(forest()).against(references), found.against(people(200, 2))
    assert told.baseline == pytest.approx(exact.baseline, abs=1e-9)
    np.testing.assert_allclose(told.shares(rows), exact.shares(rows), atol=1e-9)
    np.testing.assert_allclose(told.baseline + told.shares(rows).sum(axis=1), margins(found(rows)), atol=1e-9)


def test_a_row_has_the_same_shares_alone_and_among_others_however_they_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("muster.columns.explanation.sampling.explainer.AT_ONCE", 500)
    rows, found = people(30, 1), sampled().against(people(50, 2))
    shares = found.shares(rows)
    assert shares.shape == (30, 4)
    assert found.shares(rows.slice(29)).tobytes() == shares[-1:].tobytes()
    assert found.shares(rows.slice(0, 0)).shape == (0, 4)


def test_factors_are_swapped_as_wholes() -> None:
    found, rows = sampled(), people(2, 1)
    references = found.references(people(50, 2))
    mixed = mixed_rows(rows, references, found.factors, found.coalitions)
    assert mixed.num_rows == 2 * len(found.coalitions)
    at = int(np.flatnonzero(found.coalitions.swapped.sum(axis=1) == 1)[0])
    (factor,) = np.flatnonzero(found.coalitions.swapped[at]).tolist()
    for number, each in enumerate(found.factors.each):
        for name in each.columns:
            source = rows.slice(1, 1) if number == factor else references.slice(int(found.coalitions.behind[at]), 1)
            assert mixed.column(name)[len(found.coalitions) + at].as_py() == source.column(name)[0].as_py()


def test_exact_explainers_come_first_and_any_model_that_rescores_has_one() -> None:
    plain = explainer(LINEAR)
    assert isinstance(sampled(), Explaining)
    assert "8 made-up applicants" in sampled().method
    assert isinstance(plain, Explainer)
    assert isinstance(PlanRescorer(plain.plan, plain._predictor), PlanRescorer)
    with pytest.raises(ValueError, match="not an ONNX file"):
        explainer_of(b"\xff", _Broken(plain.plan), REASONS, original=False)
    assert Factors.of(REASONS, INPUTS).players(plain.plan).tolist() == [0, 1, 2, 2, 2, 3]


class _Broken:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
