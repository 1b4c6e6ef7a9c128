"""Learners name what they know."""

from __future__ import annotations

from typing import Any

import pytest

from muster.adapters.sklearn.learners import LEARNERS, settled


@pytest.mark.parametrize("learner", LEARNERS)
def test_every_default_is_settled_and_can_be_set(learner: str) -> None:
    defaults = settled(learner, {})
    assert defaults == LEARNERS[learner].defaults
    for name, value in defaults.items():
        other = "refuse" if value == "median" else value * 2 + 1
        assert settled(learner, {name: other})[name] == other


@pytest.mark.parametrize(
    ("learner", "parameters", "what"),
    [
        ("magic", {}, "known are logistic-regression, gradient-boosting"),
        ("logistic-regression", {"depth": 3}, "has no parameter depth: it has C, max_iter, imputation"),
        ("logistic-regression", {"C": "much"}, "C must be a number"),
        ("logistic-regression", {"C": True}, "C must be a number"),
        ("gradient-boosting", {"max_iter": 1.5}, "max_iter must be an integer"),
        ("logistic-regression", {"imputation": "guess"}, "must be 'median' or 'refuse'"),
    ],
)
def test_what_is_not_known_is_refused(learner: str, parameters: dict[str, Any], what: str) -> None:
    with pytest.raises(ValueError, match=what):
        settled(learner, parameters)
