from __future__ import annotations

import pytest
from tests.lifecycle.search.test_run import search
from tests.walk import USE_CASE, Walked

from muster.lifecycle.report.alternatives import chosen_of
from muster.records.codec import encode


def test_the_candidate_that_is_taken_is_the_one_of_the_search(walked: Walked) -> None:
    found = search(walked)
    best = walked.do("mia", "model train-candidate", use_case=USE_CASE, model="credit")
    assert (best.manifest.recipe, best.manifest.decision) == (found.candidates[0].recipe, found.candidates[0].decision)
    assert chosen_of(found, best) == found.candidates[0]
    third = walked.do("mia", "model train-candidate", use_case=USE_CASE, model="credit", place=3)
    assert chosen_of(found, third) == found.candidates[2]
    assert best.training == found.training == walked.parts["training"]


def test_training_its_recipe_by_hand_gives_the_same_version(walked: Walked) -> None:
    best = search(walked).candidates[0]
    taken = walked.do("mia", "model train-candidate", use_case=USE_CASE, model="credit")
    asked = {"recipe": encode(best.recipe), "decision": encode(best.decision)}
    again = walked.do(
        "mia", "model train", use_case=USE_CASE, model="credit", training=walked.parts["training"], **asked
    )
    assert again.digest == taken.digest


def test_what_is_not_there_cannot_be_taken(walked: Walked) -> None:
    with pytest.raises(LookupError, match="no search is recorded for use case 'consumer-credit'"):
        walked.do("mia", "model train-candidate", use_case=USE_CASE, model="credit")
    search(walked)
    before = walked.house.ledger.refresh()
    for place in (0, -1, 5):
        with pytest.raises(LookupError, match=f"candidates 1 to 4, there is none at place {place}"):
            walked.do("mia", "model train-candidate", use_case=USE_CASE, model="credit", place=place)
    assert walked.house.ledger.refresh() == before
    with pytest.raises(PermissionError, match="needs the role"):
        walked.do("ana", "model train-candidate", use_case=USE_CASE, model="credit")
