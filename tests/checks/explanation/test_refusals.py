from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.checks.explanation.people import loans
from tests.columns.explanation.models import LINEAR, explainer

from muster.checks.explanation.refusals import Refusals, sets, swapped
from muster.columns.explanation.factors import NOBODY
from muster.columns.rescoring import rescored


def test_refused_people_are_chosen_evenly_by_score_whatever_their_order() -> None:
    sample = loans(400)
    found = Refusals.of(sample, {"rows": 50})
    assert (found.rows, found.of_all) == (50, int((~sample.favourable).sum()))
    scores = found.model(found.table)
    assert (np.diff(scores) >= 0).all()
    refused = sample.scores[~sample.favourable]
    assert (scores[0], scores[-1]) == (refused.min(), refused.max())
    assert "50 of 200 refused people" in found.method("")
    assert "all 200 refused people" in Refusals.of(sample, {}).method("")


def test_factors_are_swapped_person_by_person() -> None:
    found = Refusals.of(loans(60), {})
    background = found.approved.slice(0, 2)
    nothing, everything = (np.full((found.rows, 4), value) for value in (False, True))
    same = rescored(found.model, swapped(found, nothing, background)).reshape(found.rows, 2)
    assert (same == found.model(found.table)[:, None]).all()
    theirs = rescored(found.model, swapped(found, everything, background)).reshape(found.rows, 2)
    assert (theirs == found.model(background)).all()


def test_lists_become_sets() -> None:
    assert sets(np.array([[2, 0], [NOBODY, NOBODY]]), 3).tolist() == [[True, False, True], [False, False, False]]


def test_what_cannot_be_explained_is_refused_with_the_reason() -> None:
    sample = loans(60)
    with pytest.raises(ValueError, match="no model that explains its scores"):
        Refusals.of(replace(sample, rescorer=explainer(LINEAR).matrix), {})
    for favourable, whom in ((np.ones(60), "refused"), (np.zeros(60), "approved")):
        with pytest.raises(ValueError, match=f"nobody in sample 'loans' is {whom}"):
            Refusals.of(replace(sample, raw_favourable=favourable.astype(bool)), {})


def test_another_model_than_the_one_that_decided_is_refused() -> None:
    sample = loans(60)
    with pytest.raises(
        ValueError, match=r"approves \d+ of \d+ people whom the sample says were refused.*another model"
    ):
        Refusals.of(replace(sample, raw_favourable=~sample.favourable), {})
