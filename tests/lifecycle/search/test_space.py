from __future__ import annotations

import pytest

from muster.lifecycle.search.space import Bans, Tried, columns_of, recipes_of
from muster.records.data import Column, ColumnType, DatasetRole, DatasetVersion
from muster.records.governance.search import Learner, SearchSpace
from muster.records.model import Favourable, Recipe
from muster.records.policy import Comparison, Control, Limit, Meets, Requirement

LIMIT = Limit("any", Comparison.AT_MOST, 0, Meets.POINT)


def space(*inputs: str, **changed: object) -> SearchSpace:
    given = {"thresholds": (0.2, 0.4), "seed": 3, **changed}
    learners = (Learner("plain", "logistic-regression", {}), Learner("strict", "logistic-regression", {"C": 0.1}))
    return SearchSpace("bad", 1, Favourable.BELOW, {"all": inputs}, learners, **given)  # type: ignore[arg-type]


def demand(check: str, **parameters: object) -> tuple[Control, Requirement]:
    return Control("the-control", "It is so.", check, parameters, LIMIT), Requirement("the-control")


def test_every_feature_set_is_combined_with_every_learner() -> None:
    made = recipes_of(space("income"))
    assert [tried.name for tried in made] == ["all with plain", "all with strict"]
    assert made[1] == Tried("all", "strict", Recipe("logistic-regression", ("income",), "bad", 1, {"C": 0.1}, 3))


@pytest.mark.parametrize(
    "banned",
    [
        demand("fairness.prohibited_inputs", columns=["AGE", "marri*"]),
        demand("data.columns", prohibited=["name"], restricted=["Married"]),
        demand("fairness.impact_ratio", attribute="married"),
        demand("fairness.error_rates", attribute="sex", cross=["married"]),
        demand("fairness.local_law_144", sex="married", race="race"),
        demand("fairness.inferred_membership", probabilities={"yes": "married", "no": "single"}, reference="no"),
    ],
    ids=lambda pair: pair[0].check,
)
def test_what_a_policy_prohibits_or_compares_by_no_candidate_may_read(banned: tuple[Control, Requirement]) -> None:
    bans = Bans.of([banned])
    bans.refuse(space("income", "late"))
    with pytest.raises(ValueError, match=r"reads married \(control the-control\)"):
        bans.refuse(space("income", "married"))


def test_a_policy_may_let_models_read_age_where_it_asks_that_it_never_counts_against_the_elderly() -> None:
    Bans.of([demand("fairness.elderly", attribute="age"), demand("performance.stability", column="age")]).refuse(
        space("age")
    )


def test_parameters_of_the_policy_count_too() -> None:
    control, _ = demand("fairness.impact_ratio", attribute="sex")
    asked = Requirement("the-control", parameters={"attribute": "married"})
    with pytest.raises(ValueError, match="reads married"):
        Bans.of([(control, asked)]).refuse(space("married"))


def test_columns_that_are_not_there_are_named() -> None:
    columns = tuple(Column(name, ColumnType.NUMBER) for name in ("income", "late", "bad"))
    data = DatasetVersion("people", "sha256:00", 9, DatasetRole.TRAINING, columns, (), "", "")
    assert columns_of(data, recipes_of(space("late"))) == (columns[1],)
    with pytest.raises(ValueError, match="'people' has no column shoes, which the search space names"):
        columns_of(data, recipes_of(space("late", "shoes")))
