from dataclasses import replace
from typing import Any

import pytest
from tests.walk import INPUTS, USE_CASE, Walked, policy

from muster.records.codec import encode
from muster.records.policy import Requirement
from muster.rules.search.alternatives import front

TARGET = "default-payment-next-month"

SPACE = {
    "target": "default-payment-next-month",
    "positive": 1,
    "favourable": "below",
    "feature_sets": {"short": list(INPUTS[:4]), "long": list(INPUTS)},
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
    best = found.candidates[0]
    assert (best.open_demands, best.unmeasured, best.broken) == ((), (), ())
    assert 0.65 < best.auc < 0.85
    assert best.favourable_rate is not None
    assert 0.5 < best.favourable_rate < 1
    worth = [candidate.value for candidate in found.candidates if candidate.open_demands == ()]
    assert worth == sorted(worth, reverse=True)
    assert walked.context().history(type(found))[-1][1] == found
    assert found.front
    assert found.front == front(found.candidates)


@pytest.mark.parametrize(("column", "control"), [("SEX", "impact-ratio-sex"), ("AGE", "no-prohibited-inputs-credit")])
def test_a_family_that_decides_by_a_protected_attribute_is_refused(walked: Walked, column: str, control: str) -> None:
    before = walked.house.ledger.refresh()
    changed = policy()
    if column == "SEX":
        kept = tuple(r for r in changed.requirements if r.control != "no-prohibited-inputs-credit")
        walked.do("ana", "policy adopt", policy=encode(replace(changed, requirements=kept)))
        before = walked.house.ledger.refresh()
    with pytest.raises(ValueError, match=rf"{column} \(control {control}\): a model that needs a protected attribute"):
        search(walked, space={**SPACE, "feature_sets": {"without": list(INPUTS), "with": [*INPUTS, column]}})
    assert walked.house.ledger.refresh() == before


def test_candidates_that_break_a_constraint_are_recorded_and_come_last(walked: Walked) -> None:
    limit = {"figure": "favourable_rate", "comparison": "at-least", "value": 0.75}
    found = search(walked, space={**SPACE, "constraints": [limit]})
    kept = [candidate.broken == () for candidate in found.candidates]
    assert len(kept) == 4
    assert True in kept
    assert False in kept
    assert kept == sorted(kept, reverse=True)
    assert all(
        candidate.broken[0].startswith("favourable_rate at-least 0.75: 0.") for candidate in found.candidates[2:]
    )


def test_what_needs_a_compiled_version_is_left_to_the_assessment(walked: Walked) -> None:
    asked = replace(policy(), requirements=(*policy().requirements, Requirement("reasons-faithful")))
    walked.do("ana", "policy adopt", policy=encode(asked))
    found = search(walked)
    assert {candidate.unmeasured for candidate in found.candidates} == {("reasons-faithful",)}
    assert all("reasons-faithful" not in candidate.open_demands for candidate in found.candidates)


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
        ({"thresholds": [0.2, 1.2]}, "the threshold is 1.2"),
        ({"thresholds": [place / 1000 for place in range(501)]}, "holds 1002 candidates"),
        ({"feature_sets": {"none such": ["SHOE_SIZE"]}}, "SHOE_SIZE"),
        ({"constraints": [{"figure": "luck", "comparison": "at-least", "value": 1}]}, "no figure 'luck'"),
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
