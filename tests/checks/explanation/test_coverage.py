from __future__ import annotations

import numpy as np
import pytest
from tests.checks.explanation.people import COMPLETE, loans
from tests.columns.explanation.models import forest

from muster.checks.explanation.coverage import coverage
from muster.checks.kit import assert_lawful
from muster.columns.forms import Linear
from muster.records.evidence import Figure


def figures(**given: object) -> dict[str, Figure]:
    return {figure.name: figure for figure in coverage.measure(loans(**given), {}).figures}  # type: ignore[arg-type]


@pytest.mark.parametrize("reasons", [None, COMPLETE])
def test_it_keeps_the_laws(reasons: object) -> None:
    assert_lawful(coverage, {}, loans(**({"reasons": reasons} if reasons else {})))  # type: ignore[arg-type]


def test_scored_factors_without_words_are_counted_and_named() -> None:
    found = figures()
    assert (found["unstated_factors"].value, found["unstated_factors"].note) == (2.0, "place, age")
    assert found["statement_coverage"].value == 0.5
    assert 0.3 < found["stated_weight"].value < 1.0
    complete = figures(reasons=COMPLETE, form=forest())
    assert complete["unstated_factors"].value == 0.0
    assert complete["stated_weight"].value == pytest.approx(1.0)


def test_a_factor_that_moves_no_score_needs_no_words() -> None:
    found = figures(form=Linear(np.array([-1.0, 1.0, 0.0, 0.0, 0.0, 0.0]), 0.0))
    assert (found["unstated_factors"].value, found["unstated_factors"].n) == (0.0, 2)
