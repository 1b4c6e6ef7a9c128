from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.checks.explanation.people import COMPLETE, loans
from tests.columns.explanation.models import REASONS, forest

from muster.checks.explanation.reason_codes import reason_codes
from muster.checks.kit import assert_lawful
from muster.columns.forms import Linear


def test_it_keeps_the_laws() -> None:
    assert_lawful(reason_codes, {"prohibited": ["age"]}, loans())


def figures(**given: object) -> dict[str, float]:
    parameters = given.pop("parameters", {})
    measured = reason_codes.measure(loans(**given), parameters)  # type: ignore[arg-type]
    return {figure.name: figure.value for figure in measured.figures}


def test_a_map_that_may_not_name_a_principal_factor_leaves_it_out_and_that_is_counted() -> None:
    by_place = Linear(np.array([-0.1, 0.1, 9.0, 0.0, -9.0, 0.0]), 0.0)
    found = figures(form=by_place)
    assert found["unnamed_principal"] > 0.9
    assert figures(form=by_place, reasons=COMPLETE)["unnamed_principal"] == 0.0


def test_prohibited_columns_that_are_named_are_counted_however_they_are_written() -> None:
    assert figures(reasons=COMPLETE, parameters={"prohibited": ["AGE"]})["prohibited_reasons"] > 0.3
    assert figures(reasons=COMPLETE, parameters={"prohibited": ["re*n", "a?e"]})["prohibited_reasons"] > 0.3
    assert figures(reasons=COMPLETE, parameters={"prohibited": ["sex"]})["prohibited_reasons"] == 0.0
    assert figures(parameters={"prohibited": ["age"]})["prohibited_reasons"] == 0.0


@pytest.mark.parametrize("most", [1, 2, 4])
def test_no_more_reasons_than_the_map_allows(most: int) -> None:
    assert figures(reasons=replace(COMPLETE, most=most), form=forest())["most_reasons"] <= most


def test_a_model_of_one_factor_tells_everybody_the_same() -> None:
    found = figures(form=Linear(np.array([0.0, 2.0, 0.0, 0.0, 0.0, 0.0]), -1.0), reasons=REASONS)
    assert found["most_reasons"] == 1
    assert found["same_reasons"] > 0.5
