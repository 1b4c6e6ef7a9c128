from typing import Any

import pytest
from tests.walk import INPUTS, USE_CASE, Walked

SPACE = {
    "target": "default-payment-next-month",
    "positive": 1,
    "favourable": "below",
    "feature_sets": {"without": list(INPUTS), "with sex": [*INPUTS, "SEX"]},
    "learners": [{"name": "linear", "learner": "logistic-regression", "parameters": {}}],
    "thresholds": [0.2, 0.35],
}


def search(walked: Walked, *, space: Any = SPACE, **changed: str) -> Any:
    parts = {"training": walked.parts["training"], "validation": walked.parts["validation"]}
    return walked.do("mia", "model search", use_case=USE_CASE, space=space, **{**parts, **changed})


def test_every_candidate_is_held_against_the_policy_and_the_best_comes_first(walked: Walked) -> None:
    found = search(walked)
    assert len(found.candidates) == 4
    opened = [len(candidate.open_demands) for candidate in found.candidates]
    assert opened == sorted(opened)
    aware = [candidate for candidate in found.candidates if candidate.feature_set == "with sex"]
    assert all("no-prohibited-inputs-credit" in candidate.open_demands for candidate in aware)
    best = found.candidates[0]
    assert (best.feature_set, best.open_demands) == ("without", ())
    assert 0.65 < best.auc < 0.85
    worth = [candidate.value for candidate in found.candidates if candidate.open_demands == ()]
    assert worth == sorted(worth, reverse=True)
    assert walked.context().history(type(found))[-1][1] == found


@pytest.mark.parametrize(
    ("swapped", "said"),
    [
        ({"training": "held-out"}, "role held-out, a search needs training here"),
        ({"validation": "held-out"}, "role held-out, a search needs validation here"),
    ],
)
def test_held_out_rows_are_never_touched(walked: Walked, swapped: dict[str, str], said: str) -> None:
    before = walked.house.ledger.refresh()
    with pytest.raises(ValueError, match=said):
        search(walked, **{name: walked.parts[part] for name, part in swapped.items()})
    assert walked.house.ledger.refresh() == before


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"thresholds": []}, "holds 0 candidates"),
        ({"thresholds": [place / 1000 for place in range(501)]}, "holds 1002 candidates"),
        ({"feature_sets": {"none such": ["SHOE_SIZE"]}}, "SHOE_SIZE"),
        ({"learners": [{"name": "x", "learner": "crystal-ball", "parameters": {}}]}, "crystal-ball"),
    ],
)
def test_a_space_that_cannot_be_searched_is_refused_and_nothing_is_kept(
    walked: Walked, changed: dict[str, Any], said: str
) -> None:
    before = walked.house.ledger.refresh()
    with pytest.raises(ValueError, match=said):
        search(walked, space={**SPACE, **changed})
    assert walked.house.ledger.refresh() == before
