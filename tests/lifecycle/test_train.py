from typing import Any

import pytest
from tests.walk import INPUTS, RULE, USE_CASE, Walked, recipe

from muster.records.canonical import canonical, digest
from muster.records.codec import encode
from muster.records.model import Run


def asked(walked: Walked, **changed: Any) -> dict[str, Any]:
    usual = {
        "use_case": USE_CASE,
        "model": "credit",
        "training": walked.parts["training"],
        "recipe": recipe(),
        "decision": encode(RULE),
    }
    return {**usual, **changed}


def test_a_version_is_the_digest_of_its_manifest(walked: Walked) -> None:
    version = walked.do("mia", "model show", version=walked.version[:20])
    assert digest(canonical(encode(version.manifest))) == walked.version
    assert version.registry.startswith("remembered:credit/")
    limit = next(column for column in version.manifest.inputs if column.name == "LIMIT_BAL")
    assert limit.minimum is not None
    assert limit.minimum >= 10_000


def test_another_threshold_is_another_version(walked: Walked) -> None:
    other = walked.do("mia", "model train", **asked(walked, decision={**encode(RULE), "threshold": 0.2}))
    assert other.digest != walked.version
    assert {line.threshold for line in walked.do("ana", "model list")} == {0.2, 0.35}


def test_only_training_rows_may_be_learnt_from(walked: Walked) -> None:
    with pytest.raises(ValueError, match="role held-out"):
        walked.do("mia", "model train", **asked(walked, training=walked.parts["held-out"]))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"inputs": [*INPUTS, "SHOE_SIZE"]}, "SHOE_SIZE"),
        ({"inputs": [*INPUTS, "default-payment-next-month"]}, "told the answer"),
        ({"target": "nothing"}, "nothing"),
        ({"learner": "tea-leaves"}, "tea-leaves"),
    ],
)
def test_a_recipe_that_cannot_be_followed_says_why(walked: Walked, changed: dict[str, Any], said: str) -> None:
    before = walked.house.ledger.refresh()
    with pytest.raises(Exception, match=said):
        walked.do("mia", "model train", **asked(walked, recipe={**recipe(), **changed}))
    with pytest.raises(ValueError, match=r"threshold is 1\.5"):
        walked.do("mia", "model train", **asked(walked, decision={**encode(RULE), "threshold": 1.5}))
    assert walked.house.ledger.refresh() == before


def test_an_unknown_use_case_is_named(walked: Walked) -> None:
    with pytest.raises(LookupError, match="'nowhere'"):
        walked.do("mia", "model train", **asked(walked, use_case="nowhere"))


def test_an_ambiguous_beginning_of_a_digest_is_refused(walked: Walked) -> None:
    with pytest.raises(LookupError, match="muster model list"):
        walked.do("ana", "model show", version="")


def test_a_run_says_which_walls_its_worker_stood_behind(walked: Walked) -> None:
    _, run = walked.context("mia").history(Run)[0]
    assert {"python", "scikit-learn", "isolation.network", "isolation.files"} <= run.environment.keys()
