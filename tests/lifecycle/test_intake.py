from typing import Any

import pytest
from tests.walk import ROWS, Walked

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


def test_what_it_is_worth_is_told_with_its_interval_and_currency(walked: Walked) -> None:
    shown = walked.do("mia", "use-case show", id="consumer-credit")
    (worth,) = shown.worth
    assert (worth.version, worth.currency, worth.reason) == (walked.version, "TWD", "")
    assert worth.low is not None
    assert worth.high is not None
    assert worth.value is not None
    assert worth.low < worth.value < worth.high
    assert worth.n == round(ROWS * 0.3)
    assert worth.gain is not None


def test_where_no_value_is_stated_none_is_computed(walked: Walked) -> None:
    walked.do("mia", "use-case register", use_case=facts(value=None))
    walked.do("mia", "model assess", version=walked.version, sample=walked.parts["held-out"])
    assert walked.do("mia", "use-case show", id="consumer-credit").worth == ()
    checks = [found.check for found in walked.do("ana", "model evidence", version=walked.version)]
    assert checks.count("performance.value") == 1, "the one of before"
