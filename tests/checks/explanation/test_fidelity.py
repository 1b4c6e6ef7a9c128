from __future__ import annotations

import numpy as np
import pytest
from tests.checks.explanation.people import COMPLETE, loans
from tests.columns.explanation.models import LINEAR, forest

from muster.checks.explanation.fidelity import fidelity
from muster.checks.kit import assert_lawful
from muster.columns.forms import Form, Linear


@pytest.mark.parametrize("form", [LINEAR])
def test_it_keeps_the_laws(form: Form) -> None:
    assert_lawful(fidelity, {"tries": 5}, loans(form=form))


@pytest.mark.parametrize("form", [LINEAR, forest()], ids=["linear", "trees"])
def test_named_factors_decide_more_often_than_those_that_counted_least(form: Form) -> None:
    found = {figure.name: figure.value for figure in fidelity.measure(loans(form=form, reasons=COMPLETE), {}).figures}
    assert found["fidelity"] > 0.8
    assert found["fidelity"] > found["fidelity_of_others"] + 0.3


def test_reasons_that_did_not_decide_are_found_out() -> None:
    by_place = Linear(np.array([-0.01, 0.01, 9.0, 0.0, -9.0, 0.0]), 0.0)
    hidden, told = (
        {figure.name: figure for figure in fidelity.measure(loans(form=by_place, **more), {}).figures}
        for more in ({}, {"reasons": COMPLETE})
    )
    assert hidden["fidelity"].value < 0.5  # the region decided, and the map does not let it be named
    assert told["fidelity"].value > 0.9
    assert hidden["fidelity"].n == hidden["fidelity_of_others"].n
