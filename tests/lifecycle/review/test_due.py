"""What must be looked at again is worked out when asked: what time brings, and what happened since the release."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.adopting import adopt
from tests.walk import Walked

from muster.records.codec import encode, stamp
from muster.records.policy import Library
from muster.records.purpose import UseCase
from muster.wiring import shipped


def due(walked: Walked, **asked: Any) -> dict[str, Any]:
    return {line.what: line for line in walked.do("ana", "review due", **asked)}


def test_what_runs_out_is_due_before_it_does_and_says_whose_it_is(walked: Walked) -> None:
    assert due(walked, days=10) == {}
    lines = due(walked, days=40)
    line = lines["discrimination"]
    assert (line.trigger, line.overdue, line.who) == ("scheduled", False, "ml-engineer or validator")
    assert timedelta(days=29) < line.by - walked.clock() < timedelta(days=31)
    assert line.version == walked.version
    assert due(walked, days=40, use_case="mortgage") == {}
    assert all(line.trigger == "scheduled" for line in lines.values())


def test_what_has_run_out_is_overdue(walked: Walked) -> None:
    walked.clock.offset += timedelta(days=31)
    line = due(walked)["discrimination"]
    assert (line.trigger, line.overdue) == ("triggered", True)


def test_a_policy_and_a_library_of_today_are_a_reason_to_look_again(walked: Walked) -> None:
    adopt(walked, statement="Other words.")
    walked.do("ana", "library adopt", library=encode(walked.context().latest(Library, "library:muster")))
    lines = due(walked)
    assert lines["policy"].why == "policy consumer-credit was adopted anew after the release was signed"
    assert (lines["policy"].who, lines["policy"].overdue) == ("olga", False)
    assert "library" in lines
    assert lines["sign-off:risk-analyst"].who == "risk-analyst"


def test_another_risk_tier_is_a_reason_to_look_again(walked: Walked) -> None:
    facts = shipped.value(UseCase, "stories/consumer-credit.yaml")
    harmless = {"domain": "support", "consequential": False, "autonomy": "informs", "people_per_year": 1, "exposure": 1}
    walked.do("mia", "use-case register", use_case={**facts, **harmless})
    assert due(walked)["tier"].why.startswith("the risk tier was high and is low")


def test_a_new_finding_is_due_when_it_says_and_by_its_owner(walked: Walked) -> None:
    walked.add("vera", "validator")
    asked = {"severity": "low", "title": "Old bills", "owner": "mia", "version": walked.version}
    walked.do("vera", "finding open", **asked, due=stamp(walked.clock() + timedelta(days=3)))
    line = due(walked)["F-1"]
    assert (line.who, line.overdue, line.why) == ("mia", False, "low finding since the release: Old bills")
    walked.do("vera", "finding close", finding="F-1", words="seen")
    assert "F-1" not in due(walked)


def test_what_was_revoked_needs_no_review(walked: Walked) -> None:
    walked.do("ana", "release revoke", package=walked.package, reason="a fault")
    assert due(walked, days=400) == {}


def test_days_make_sense(walked: Walked) -> None:
    with pytest.raises(ValueError, match="from 0 to 3660"):
        due(walked, days=-1)
