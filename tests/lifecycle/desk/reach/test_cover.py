"""Roles that count somewhere only, through the one way in."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from tests.walk import RULE, USE_CASE, recipe

from muster.lifecycle.desk.action import Upload
from muster.records.codec import encode
from muster.records.purpose import UseCase
from muster.wiring import shipped

if TYPE_CHECKING:
    from tests.walk import Walked


def scoped(walked: "Walked", actor: str, role: str, **where: Any) -> None:
    walked.do("admin", "actor add", id=actor)
    made = walked.do("admin", "role propose", actor=actor, role=role, reason="as agreed", **where)
    walked.do("ines", "role confirm", proposal=made.proposal)


def elsewhere(walked: "Walked", unit: str = "cards") -> dict[str, Any]:
    """Register another use case, of a business unit."""
    case = {**shipped.value(UseCase, "stories/consumer-credit.yaml"), "id": "other", "business_unit": unit}
    walked.do("mia", "use-case register", use_case=case)
    return case


def test_a_role_does_what_it_covers_and_nothing_else(walked: "Walked") -> None:
    elsewhere(walked)
    scoped(walked, "here", "operator", use_cases=[USE_CASE])
    scoped(walked, "there", "operator", business_units=["cards"])
    with pytest.raises(
        PermissionError, match=f"is about use case '{USE_CASE}', and the role operator of there counts in"
    ):
        walked.do("there", "deployment remove", name="credit")
    assert "business unit cards only" in walked.refusals()[-1]
    with pytest.raises(PermissionError, match="'orders issue' is about"):
        walked.do("there", "orders issue")
    assert walked.do("here", "orders issue").deployments
    assert walked.do("here", "deployment remove", name="credit").deployments == ()


def test_a_name_that_serves_another_use_case_cannot_be_taken_over(walked: "Walked") -> None:
    context = walked.context()
    version = context.history(type(walked.do("mia", "model show", version=walked.version)))[0][1]
    elsewhere(walked)
    copied = replace(version, digest="sha256:" + "7" * 64, use_case="other")
    context.record(copied)
    scoped(walked, "there", "operator", use_cases=["other"])
    with pytest.raises(PermissionError, match=f"is about use case '{USE_CASE}'"):
        walked.do("there", "deployment set", name="credit", version=copied.digest)
    with pytest.raises(PermissionError, match="has no release"):
        walked.do("there", "deployment set", name="new", version=copied.digest)


def test_what_is_about_the_whole_house_needs_a_role_that_counts_everywhere(walked: "Walked") -> None:
    scoped(walked, "rita", "risk-analyst", use_cases=[USE_CASE])
    policy = walked.do("rita", "policy list")[0]
    with pytest.raises(PermissionError, match="'policy adopt' is about the whole house"):
        walked.do("rita", "policy adopt", policy=encode(policy))
    assert walked.do("rita", "gate decide", version=walked.version)


def test_nobody_moves_a_use_case_into_their_own_unit(walked: "Walked") -> None:
    case = elsewhere(walked, "cards")
    scoped(walked, "eve", "owner", business_units=["retail"])
    with pytest.raises(PermissionError, match="use case 'other' of business unit 'cards'"):
        walked.do("eve", "use-case register", use_case={**case, "business_unit": "retail"})
    mine = {**case, "id": "mine", "business_unit": "retail"}
    assert walked.do("eve", "use-case register", use_case=mine).use_case.id == "mine"


def test_a_release_is_covered_or_not_however_it_is_named(walked: "Walked") -> None:
    elsewhere(walked)
    scoped(walked, "there", "operator", use_cases=["other"])
    for named in (walked.package, walked.package[:19], walked.package.removeprefix("sha256:")[:9]):
        with pytest.raises(PermissionError, match=f"'release revoke' is about use case '{USE_CASE}'"):
            walked.do("there", "release revoke", package=named, reason="none of mine")
    assert walked.do("omar", "release list")[0].state == "in-force"


def test_training_on_the_data_of_others_does_not_make_it_one_s_own(walked: "Walked") -> None:
    elsewhere(walked)
    scoped(walked, "max", "ml-engineer", use_cases=["other"])
    asked = {"use_case": "other", "model": "mine", "recipe": recipe(), "decision": encode(RULE)}
    with pytest.raises(PermissionError, match=f"'model train' is about use case '{USE_CASE}'"):
        walked.do("max", "model train", training=walked.parts["training"], **asked)
    with pytest.raises(PermissionError, match=f"use case '{USE_CASE}'"):
        walked.do("max", "dataset download", dataset=walked.parts["training"])


def test_data_of_nobody_s_use_case_are_for_whoever_brought_them(walked: "Walked") -> None:
    scoped(walked, "max", "ml-engineer", use_cases=[USE_CASE])
    assert walked.do("max", "dataset download", dataset=walked.parts["training"])
    contract = {"name": "c", "digest": "", "columns": [{"name": "a", "type": "number"}]}
    own, theirs = (
        walked.do(who, "dataset snapshot", table=Upload("a.csv", f"a\n{n}\n".encode()), contract=contract, **said)
        for n, who in enumerate(("max", "mia"))
        for said in [{"name": f"rows-{n}", "source": "s", "licence": "CC0"}]
    )
    assert walked.do("max", "dataset download", dataset=own.digest)
    with pytest.raises(PermissionError, match="belongs to no use case yet"):
        walked.do("max", "dataset download", dataset=theirs.digest)
