"""What no longer stands: each ends in a refusal that a person understands, an audit record, and no other effect."""

from __future__ import annotations

from base64 import b64decode
from datetime import timedelta

import pytest
from tests.stories.lapses.scene import (
    HOUR,
    REQUIRED,
    SECOND,
    adopt,
    another,
    move_to,
    oldest_evidence,
    orders,
    refusal,
    release,
    served,
    update,
    worse,
    written,
)
from tests.walk import Walked

from muster.records.codec import stamp
from muster.records.governance.terms import EmergencyTerms, FindingSeverity, LapseAction
from muster.records.people import Role
from muster.records.policy import Requirement
from muster.wiring.signing import sign_statement

LIFE = timedelta(days=30)
TIGHT = (REQUIRED[0], Requirement("discrimination", limit=0.99))
CHANGED = ["alert.raised", "standing.changed", "orders.issued", "alert.raised"]


def test_evidence_that_expired_a_second_ago_is_refused_by_gateway_and_desk(walked: Walked) -> None:
    adopt(walked)
    release(walked)
    ends = oldest_evidence(walked) + LIFE
    move_to(walked, ends - 2 * HOUR)
    walked.do("omar", "orders issue")
    gateway = walked.gateway()
    move_to(walked, ends - SECOND)
    assert served(gateway, walked) == walked.version
    move_to(walked, ends + SECOND)
    assert served(gateway, walked) == "", "the gateway needs no orders to see it"
    assert "older than the 30 days that the policy allows" in refusal(gateway.refresh())

    size = walked.house.ledger.refresh()
    (change,) = update(walked)
    assert (change.before, change.after, change.since) == ("in-force", "lapsed", ends)
    assert change.deployments == ("default/credit",)
    assert "older than the 30 days" in change.reasons[0]
    assert orders(walked).deployments == ()
    assert written(walked, size) == CHANGED
    assert update(walked) == ()
    assert written(walked, size) == CHANGED, "one entry a change"


def test_a_waiver_that_expires_during_traffic_ends_it(walked: Walked) -> None:
    adopt(walked, requirements=TIGHT)
    asked = walked.do(
        "omar",
        "waiver request",
        version=walked.version,
        control="discrimination",
        reason="a small sample",
        compensating_control="a person looks at every refusal",
        days=1,
    )
    granted = walked.do("ana", "waiver grant", waiver=asked.waiver)
    walked.sign("bob")
    walked.do("mia", "release sign", version=walked.version)
    walked.do("omar", "deployment set", name="credit", version=walked.version)
    gateway = walked.gateway()
    page = walked.do("ana", "posture show", version=walked.version)
    assert (page.verdict, page.without_waivers) == ("allow", "refuse")
    (line,) = [demand for demand in page.demands if demand.demand == "discrimination"]
    assert (line.finding, line.without_waivers, line.until) == ("waived", "not-met", granted.until)

    move_to(walked, granted.until - SECOND)
    assert served(gateway, walked) == walked.version
    move_to(walked, granted.until)
    assert served(gateway, walked) == ""
    (change,) = update(walked)
    assert change.since == granted.until
    assert "a waiver does not count: it expired" in change.reasons[0]
    assert orders(walked).deployments == ()


def test_a_policy_that_is_tightened_after_release_takes_it_out_of_service(walked: Walked) -> None:
    adopt(walked)
    release(walked)
    gateway = walked.gateway()
    assert served(gateway, walked) == walked.version
    size = walked.house.ledger.refresh()
    adopt(walked, requirements=TIGHT)
    (change,) = update(walked)
    assert {reason.partition(":")[0] for reason in change.reasons} == {"discrimination", "sign-off"}
    assert served(gateway, walked) == ""
    assert written(walked, size) == ["policy.adopted", *CHANGED]
    with pytest.raises(PermissionError, match="is lapsed: discrimination"):
        walked.do("omar", "deployment set", name="credit", version=walked.version)


def test_a_policy_that_is_made_milder_after_release_lets_nothing_pass_in_silence(walked: Walked) -> None:
    adopt(walked)
    release(walked)
    gateway = walked.gateway()
    adopt(walked, requirements=TIGHT)
    adopt(walked, LapseAction.ALERT, 1000.0, requirements=(REQUIRED[1],), statement="Whatever it was, it may go on.")
    (change,) = update(walked)
    assert (change.after, change.action, change.ends) == ("lapsed", "suspend", None), "its own policy gave no grace"
    assert "signed under another version of the policy" in change.reasons[0]
    assert served(gateway, walked) == ""
    with pytest.raises(PermissionError, match="is lapsed: sign-off"):
        walked.do("omar", "deployment set", name="credit", version=walked.version)


def test_what_is_rolled_back_is_the_release_before_if_that_stands(walked: Walked) -> None:
    adopt(walked, LapseAction.ROLL_BACK)
    first, version = release(walked), another(walked)
    release(walked, version)
    gateway = walked.gateway()
    assert served(gateway, walked) == version
    size = walked.house.ledger.refresh()
    worse(walked, version)
    (change,) = update(walked)
    assert (change.version, change.action) == (version, "roll-back")
    assert [each.package for each in orders(walked).deployments] == [first]
    assert served(gateway, walked) == walked.version
    assert written(walked, size) == ["evidence.recorded", *CHANGED]
    assert walked.alerts()[-1] == "deployment-rolled-back"
    assert update(walked) == ()

    worse(walked, walked.version)
    update(walked)
    assert orders(walked).deployments == (), "none before it stands: it is suspended"
    assert walked.alerts()[-1] == "deployment-suspended"


def test_grace_keeps_it_served_until_it_ends_and_not_longer(walked: Walked) -> None:
    adopt(walked, hours=6)
    release(walked)
    gateway = walked.gateway()
    worse(walked, walked.version)
    (change,) = update(walked)
    assert (change.after, change.action) == ("in-grace", "suspend")
    assert change.ends is not None
    (deployment,) = orders(walked).deployments
    assert deployment.until == change.ends
    assert walked.alerts() == ["release-lapsed"]
    move_to(walked, change.ends - SECOND)
    assert served(gateway, walked) == walked.version
    move_to(walked, change.ends)
    assert served(gateway, walked) == "", "no newer orders came: the gateway knows by itself"
    assert "its grace is over" in refusal(gateway.refresh())
    (last,) = update(walked)
    assert (last.before, last.after) == ("in-grace", "lapsed")
    assert orders(walked).deployments == ()
    assert walked.alerts()[-1] == "deployment-suspended"


def test_grace_for_old_evidence_is_the_same_at_both_ends(walked: Walked) -> None:
    adopt(walked, hours=6)
    release(walked)
    gateway, lapses = walked.gateway(), oldest_evidence(walked) + LIFE
    move_to(walked, lapses + HOUR)
    (change,) = update(walked)
    assert (change.after, change.since, change.ends) == ("in-grace", lapses, lapses + 6 * HOUR)
    assert served(gateway, walked) == walked.version
    move_to(walked, lapses + 6 * HOUR)
    assert served(gateway, walked) == ""


def test_an_alert_leaves_it_in_service_until_gateways_refuse_it(walked: Walked) -> None:
    adopt(walked, LapseAction.ALERT, 6.0)
    release(walked)
    gateway = walked.gateway()
    worse(walked, walked.version)
    (change,) = update(walked)
    assert (change.after, change.action) == ("in-grace", "alert")
    move_to(walked, walked.clock() + 7 * HOUR)
    (again,) = update(walked)
    assert (again.before, again.after) == ("in-grace", "lapsed"), "people are told again at the end of the grace"
    assert served(gateway, walked) == walked.version
    assert walked.alerts() == ["release-lapsed", "release-grace-over"]


@pytest.mark.parametrize("action", [LapseAction.ALERT, LapseAction.SUSPEND])
def test_what_is_taken_back_has_no_grace(walked: Walked, action: LapseAction) -> None:
    adopt(walked, action, 1000.0)
    release(walked)
    gateway = walked.gateway()
    walked.do("ana", "approval withdraw", version=walked.version, reason="I was wrong")
    (change,) = update(walked)
    assert (change.after, change.ends, change.action) == ("lapsed", None, "suspend")
    assert served(gateway, walked) == ""


def test_a_revocation_reaches_gateways_without_being_asked_for(walked: Walked) -> None:
    adopt(walked, hours=1000)
    package = release(walked)
    gateway = walked.gateway()
    walked.do("ana", "release revoke", package=package, reason="a complaint")
    (change,) = update(walked)
    assert (change.after, change.reasons) == ("revoked", ("the release was revoked: a complaint",))
    assert orders(walked).revoked == (package,)
    assert served(gateway, walked) == ""


def test_what_was_interrupted_is_finished_by_doing_it_again(walked: Walked, monkeypatch: pytest.MonkeyPatch) -> None:
    adopt(walked)
    release(walked)
    worse(walked, walked.version)

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("muster.lifecycle.serve.posture.issue", dies)
        with pytest.raises(KeyboardInterrupt):
            update(walked)
    assert [each.version for each in orders(walked).deployments] == [walked.version]
    assert update(walked) == (), "the change stands recorded"
    assert orders(walked).deployments == ()
    changes = walked.do("ana", "posture history")
    assert [each.change.after for each in changes] == ["lapsed"]


def test_what_is_mended_stands_again_and_that_is_recorded(walked: Walked) -> None:
    adopt(walked, hours=6)
    release(walked)
    worse(walked, walked.version)
    update(walked)
    walked.do("mia", "model assess", version=walked.version, sample=walked.parts["held-out"])
    (change,) = update(walked)
    assert (change.before, change.after, change.reasons) == ("in-grace", "in-force", ())
    (deployment,) = orders(walked).deployments
    assert deployment.until is None


def test_a_blocking_finding_takes_it_out_of_service_after_its_grace(walked: Walked) -> None:
    adopt(walked, hours=6, blocking_findings=(FindingSeverity.HIGH,))
    release(walked)
    walked.add("vic", "validator")
    due = {"due": stamp(walked.clock() + timedelta(days=9))}
    walked.do("vic", "finding open", version=walked.version, severity="high", title="It forgets", owner="mia", **due)
    (change,) = update(walked)
    assert change.after == "in-grace"
    assert change.reasons[0].startswith("findings: ")
    move_to(walked, change.ends)
    update(walked)
    assert orders(walked).deployments == ()


def test_an_emergency_release_that_nobody_signs_off_is_over_at_its_hour_whatever_the_grace(walked: Walked) -> None:
    adopt(walked, hours=900, emergency=EmergencyTerms(2.0, (Role.RISK_ANALYST,)))
    asked = {"version": walked.version, "reason": "the old one fails", "role": "risk-analyst"}
    statement = walked.do("bob", "emergency request", **asked).statement
    walked.do("bob", "emergency submit", emergency=sign_statement(b64decode(statement), walked.key("bob")))
    walked.do("mia", "release sign", version=walked.version, emergency=True, reason="the old one fails")
    walked.do("omar", "deployment set", name="credit", version=walked.version)
    gateway = walked.gateway()
    (line,) = [each for each in walked.do("ana", "posture list") if each.deployments]
    assert line.ahead[0].demand == "sign-off:risk-analyst"
    move_to(walked, line.ahead[0].at - SECOND)
    assert served(gateway, walked) == walked.version
    move_to(walked, line.ahead[0].at)
    assert served(gateway, walked) == "", "the gateway knows by itself"
    assert "the release expired" in refusal(gateway.refresh())
    changes = [each for each in update(walked) if each.deployments]
    assert [(each.after, each.ends) for each in changes] == [("expired", None)]
    assert orders(walked).deployments == ()
