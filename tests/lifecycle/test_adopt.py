from dataclasses import replace
from typing import Any

import pytest
from tests.adopting import adopt, unchanged
from tests.walk import Walked, policy

from muster.records.codec import encode
from muster.records.policy import Library, ReasonMap, Requirement
from muster.wiring import shipped

LIBRARY = "controls/controls.yaml"


def test_a_library_in_which_a_control_stands_twice_is_refused(walked: Walked) -> None:
    library = shipped.value(Library, LIBRARY)
    library["controls"].append(library["controls"][3])
    said = f"control '{library['controls'][3]['id']}' stands in it twice"
    unchanged(walked, ValueError, said, "ana", "library adopt", library=library)


@pytest.mark.parametrize(
    ("changed", "error", "said"),
    [
        ({"requirements": ()}, ValueError, "demands no control"),
        ({"requirements": (Requirement("no-such"),)}, ValueError, "demands no-such, which library 'muster' does not"),
        ({"library": "other"}, LookupError, "needs library 'other': adopt it first"),
    ],
)
def test_a_policy_that_could_not_decide_is_refused(
    walked: Walked, changed: dict[str, Any], error: type[Exception], said: str
) -> None:
    unchanged(walked, error, said, "ana", "policy adopt", policy=encode(replace(policy(), **changed)))


def test_the_newest_version_of_a_policy_is_in_force(walked: Walked) -> None:
    adopt(walked, statement="Newer.")
    assert [found.statement for found in walked.do("mia", "policy list")] == ["Newer."]


def test_a_reason_map_is_adopted_by_a_risk_analyst_and_replaces_the_earlier_one_of_its_id(walked: Walked) -> None:
    reasons = shipped.value(ReasonMap, "reasons/consumer-credit.yaml")
    with pytest.raises(PermissionError, match="risk-analyst"):
        walked.do("mia", "reason-map adopt", reasons=reasons)
    walked.do("ana", "reason-map adopt", reasons=reasons)
    adopted = walked.do("ana", "reason-map adopt", reasons={**reasons, "most": 3})
    assert walked.do("mia", "reason-map list") == (adopted,)
    assert adopted.most == 3


@pytest.mark.parametrize(
    ("changed", "error", "said"),
    [
        ({"most": 9}, ValueError, "reason map 'consumer-credit': most: 9 reasons"),
        ({"use_case": "no-such"}, LookupError, "no use-case 'no-such' is known here"),
    ],
)
def test_a_reason_map_that_is_not_sound_or_for_nothing_is_refused(
    walked: Walked, changed: dict[str, Any], error: type[Exception], said: str
) -> None:
    reasons = {**shipped.value(ReasonMap, "reasons/consumer-credit.yaml"), **changed}
    unchanged(walked, error, said, "ana", "reason-map adopt", reasons=reasons)


def test_a_reason_map_adopted_in_local_mode_is_refused_where_the_policy_does_not_count_it(walked: Walked) -> None:
    adopt(walked, local_mode=False)
    reasons = shipped.value(ReasonMap, "reasons/consumer-credit.yaml")
    unchanged(
        walked, PermissionError, "does not count what is done in local mode", "ana", "reason-map adopt", reasons=reasons
    )
