from dataclasses import replace

import pytest
from tests.walk import Walked, policy

from muster.lifecycle.policies.backtest import PolicyTrial
from muster.records.codec import encode
from muster.records.policy import Policy, Requirement
from muster.rules.gate.decide import record_digest


def tried(walked: Walked, draft: Policy) -> PolicyTrial:
    before = walked.house.ledger.refresh()
    found: PolicyTrial = walked.do("mia", "policy backtest", draft=encode(draft))
    assert walked.house.ledger.refresh() == before, "nothing is written"
    return found


def test_the_policy_in_force_tried_on_the_house_changes_nothing(walked: Walked) -> None:
    found = tried(walked, policy())
    assert found.replaces == found.digest == record_digest(policy())
    assert found.today.judged == found.today.covered == 1
    assert found.today.changes == ()
    assert found.today.before == found.today.after


def test_a_draft_that_asks_for_more_says_which_demand_is_open(walked: Walked) -> None:
    stricter = (
        replace(each, limit=1.5) if each.control == "discrimination" else each for each in policy().requirements
    )
    found = tried(walked, replace(policy(), requirements=tuple(stricter))).today
    assert found.after == {"refuse": 1}
    (change,) = found.changes
    assert (change.before, change.reasons[0].partition(" ")[0]) == ("allow", "discrimination")


def test_a_draft_that_could_not_be_adopted_is_refused(walked: Walked) -> None:
    with pytest.raises(ValueError, match="demands no-such, which library"):
        tried(walked, replace(policy(), requirements=(Requirement("no-such"),)))
