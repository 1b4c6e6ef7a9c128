import sys

import numpy as np
import pytest

from muster.adapters.boosters import lgbm, xgb
from muster.adapters.boosters.learners import LEARNERS, missing, settled

WORDS = {
    "xgboost": ("n_estimators", "max_depth", "subsample"),
    "lightgbm": ("n_estimators", "max_depth", "subsample"),
    "catboost": ("iterations", "depth", "l2_leaf_reg"),
}
"""Of each learner its rounds, its depth, and a parameter that is no integer."""


@pytest.mark.parametrize("learner", LEARNERS)
def test_every_parameter_is_settled_and_what_is_unknown_or_of_a_wrong_type_is_named(learner: str) -> None:
    rounds, depth, number = WORDS[learner]
    assert settled(learner, {rounds: 7})[rounds] == 7
    assert settled(learner, {}).keys() == LEARNERS[learner].keys()
    with pytest.raises(ValueError, match=f"learner '{learner}' has no parameter deep: it has {rounds}"):
        settled(learner, {"deep": 3})
    with pytest.raises(ValueError, match=f"{learner}: {depth} must be an integer, not 2.5"):
        settled(learner, {depth: 2.5})
    with pytest.raises(ValueError, match=f"{learner}: {number} must be a number, not True"):
        settled(learner, {number: True})


@pytest.mark.parametrize(("library", "module"), [("xgboost", xgb), ("lightgbm", lgbm)])
def test_a_library_that_is_not_there_is_named_with_its_extra(
    library: str, module: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert missing(library).endswith("`pip install 'muster-ml[models]'`")
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ValueError, match=f"{library} is not installed here: it comes with the extra"):
        module.fit(np.zeros((2, 1)), np.array([0, 1]), settled(library, {}), 0)  # type: ignore[attr-defined]
