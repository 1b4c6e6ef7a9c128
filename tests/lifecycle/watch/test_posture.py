from __future__ import annotations

from datetime import timedelta

import pytest
from tests.stories.lapses.scene import adopt, move_to, oldest_evidence, release, update, worse
from tests.walk import USE_CASE, Walked

from muster.records.governance.terms import LapseAction

LIFE = timedelta(days=30)


def test_what_stands_says_until_when_and_what_falls_out_first(walked: Walked) -> None:
    (line,) = walked.do("ana", "posture list", days=40)
    assert (line.state, line.owner, line.deployments, line.since) == ("in-force", "olga", ("default/credit",), None)
    assert line.by == line.ahead[0].at
    assert line.by - walked.clock() < LIFE
    (soon,) = walked.do("ana", "posture list")
    assert soon.ahead == ()
    assert walked.do("ana", "posture list", fallen=True) == ()
    assert walked.do("ana", "posture list", use_case="another") == ()
    with pytest.raises(ValueError, match="from 0 to 3660"):
        walked.do("ana", "posture list", days=-1)


def test_what_fell_out_says_when_why_whose_and_what_happens_by_when(walked: Walked) -> None:
    adopt(walked, hours=6)
    release(walked)
    lapses = oldest_evidence(walked) + LIFE
    move_to(walked, lapses + timedelta(hours=1))
    (line,) = walked.do("ana", "posture list")
    assert (line.state, line.since, line.owner) == ("in-grace", lapses, "olga")
    assert line.lapses[0].demand in {"discrimination", "no-prohibited-inputs-credit"}
    assert line.next.startswith("it is suspended, unless mended: assess")
    assert line.by == lapses + timedelta(hours=6)
    move_to(walked, line.by)
    (late,) = walked.do("ana", "posture list")
    assert (late.next, late.by) == ("it is suspended with the next orders", None)
    update(walked)
    (gone,) = walked.do("ana", "posture list", fallen=True)
    assert gone.deployments == ()
    assert gone.next.startswith("it is not served: assess")


@pytest.mark.parametrize(
    ("action", "hours", "said"),
    [
        (LapseAction.ROLL_BACK, 0.0, "it is rolled back, or else suspended with the next orders"),
        (LapseAction.ALERT, 6.0, "it is served until gateways refuse it of themselves; people are told again"),
        (LapseAction.ALERT, 0.0, "it is served until gateways refuse it of themselves; assess"),
    ],
)
def test_it_says_what_the_policy_says(walked: Walked, action: LapseAction, hours: float, said: str) -> None:
    adopt(walked, action, hours)
    release(walked)
    worse(walked, walked.version)
    (line,) = walked.do("ana", "posture list")
    assert line.next.startswith(said)


def test_every_demand_says_until_when_it_holds(walked: Walked) -> None:
    page = walked.do("ana", "posture show", version=walked.version)
    assert (page.verdict, page.without_waivers, page.use_case) == ("allow", "allow", USE_CASE)
    told = {demand.demand: demand for demand in page.demands}
    assert told["discrimination"].until is not None
    assert "older than the 30 days" in told["discrimination"].then
    assert told["sign-off:risk-analyst"].until is None
    assert [line.state for line in page.standing] == ["in-force"]
    unreleased = walked.do("ana", "posture show", version=walked.sibling())
    assert (unreleased.verdict, unreleased.standing) == ("refuse", ())


def test_history_tells_every_change_with_who_noticed_it(walked: Walked) -> None:
    assert walked.do("ana", "posture history") == ()
    walked.do("ana", "release revoke", package=walked.package, reason="a complaint")
    update(walked)
    (told,) = walked.do("ana", "posture history", version=walked.version)
    assert (told.actor, told.change.before, told.change.after) == ("local:omar", "in-force", "revoked")
    with pytest.raises(ValueError, match="one at least"):
        walked.do("ana", "posture history", last=0)
