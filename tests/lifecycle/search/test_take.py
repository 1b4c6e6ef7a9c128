from __future__ import annotations

import pytest
from tests.lifecycle.search.test_run import search
from tests.walk import USE_CASE, Walked

from muster.lifecycle.report.alternatives import chosen_of
from muster.records.codec import encode


def test_the_candidate_that_is_taken_is_the_one_of_the_search(walked: Walked) -> None:
    """One search serves all that is said of places in it, for each of these starts a worker."""
    found = search(walked)
    best = walked.do("mia", "model train-candidate", use_case=USE_CASE, model="credit")
    assert (best.manifest.recipe, best.manifest.decision) == (found.candidates[0].recipe, found.candidates[0].decision)
    assert chosen_of(found, best) == found.candidates[0]
    assert best.training == found.training == walked.parts["training"]
    third = walked.do("mia", "model train-candidate", use_case=USE_CASE, model="credit", place=3)
    assert chosen_of(found, third) == found.candidates[2]
    asked = {"recipe": encode(found.candidates[2].recipe), "decision": encode(found.candidates[2].decision)}
    by_hand = walked.do(
        "mia", "model train", use_case=USE_CASE, model="credit", training=walked.parts["training"], **asked
    )
    assert by_hand.digest == third.digest
    before = walked.house.ledger.refresh()
    for place in (0, -1, 5):
        with pytest.raises(LookupError, match=f"candidates 1 to 4, there is none at place {place}"):
            walked.do("mia", "model train-candidate", use_case=USE_CASE, model="credit", place=place)
    assert walked.house.ledger.refresh() == before


def test_nothing_is_taken_without_a_search_or_the_role(walked: Walked) -> None:
    with pytest.raises(LookupError, match="no search is recorded for use case 'consumer-credit'"):
        walked.do("mia", "model train-candidate", use_case=USE_CASE, model="credit")
    with pytest.raises(PermissionError, match="needs the role"):
        walked.do("ana", "model train-candidate", use_case=USE_CASE, model="credit")
