from typing import Any

import pytest
from tests.walk import Walked

from muster.records.purpose import UseCase
from muster.wiring import shipped


def facts(**changed: Any) -> dict[str, Any]:
    return {**shipped.value(UseCase, "stories/consumer-credit.yaml"), **changed}


def test_the_tier_follows_from_the_facts(walked: Walked) -> None:
    harmless = facts(
        id="faq", domain="support", consequential=False, autonomy="informs", people_per_year=10, exposure=1
    )
    assert walked.do("mia", "use-case register", use_case=harmless).tier == "low"
    assert walked.do("mia", "use-case show", id="consumer-credit").tier == "high"


def test_a_later_registration_replaces_the_facts(walked: Walked) -> None:
    walked.do("mia", "use-case register", use_case=facts(purpose="Something else."))
    listed = walked.do("ana", "use-case list")
    assert [found.use_case.purpose for found in listed] == ["Something else."]


@pytest.mark.parametrize(
    ("changed", "said"),
    [({"autonomy": "guesses"}, "autonomy"), ({"jurisdictions": []}, "jurisdiction"), ({"purpose": " "}, "purpose")],
)
def test_facts_that_say_nothing_are_refused(walked: Walked, changed: dict[str, Any], said: str) -> None:
    before = walked.house.ledger.refresh()
    with pytest.raises(ValueError, match=said):
        walked.do("mia", "use-case register", use_case=facts(**changed))
    assert walked.house.ledger.refresh() == before
