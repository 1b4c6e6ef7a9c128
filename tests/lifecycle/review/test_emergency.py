"""An emergency release through the doors: signed for, served, and over by itself when nobody signs it off."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import pytest
from tests.adopting import adopt, unchanged
from tests.walk import Walked

from muster.records.governance.terms import EmergencyTerms
from muster.records.trust import Duty, KeyGrant
from muster.wiring.keyring import new_key
from muster.wiring.signing import grant_key, sign_statement

HOURS = 48
REASON = "Fraud runs through the model that serves"


@pytest.fixture
def urgent(walked: Walked) -> Walked:
    """The walk, under a policy of today that knows emergencies, with an executive, and nobody's sign-off under it."""
    adopt(walked, emergency=EmergencyTerms(HOURS), orders_life_hours=500.0)
    walked.add("erin", "executive")
    enrolled(walked, "erin", "executive")
    return walked


def enrolled(walked: Walked, actor: str, role: str) -> None:
    public = new_key(walked.key(actor), Duty.APPROVER, actor).public
    current = walked.do("admin", "trust show").current
    walked.hand_in(actor)
    grant = KeyGrant(Duty.APPROVER, public, actor, (role,))
    walked.publish(grant_key(current, grant, walked.home / "keys" / "root.pem"))


def asked(walked: Walked, actor: str = "erin", **changed: Any) -> Any:
    usual = {"version": walked.version[:20], "role": "executive", "reason": REASON}
    return walked.do(actor, "emergency request", **{**usual, **changed})


def let_out(walked: Walked, actor: str = "erin", key: str = "", **changed: Any) -> Any:
    statement = base64.b64decode(asked(walked, actor, **changed).statement)
    return walked.do(actor, "emergency submit", emergency=sign_statement(statement, walked.key(key or actor)))


def released(walked: Walked, **changed: Any) -> Any:
    return walked.do("mia", "release sign", version=walked.version, **{"emergency": True, "reason": REASON, **changed})


def served(walked: Walked) -> Any:
    return walked.gateway().refresh().serving(walked.clock())


def test_it_is_signed_for_read_released_and_shown_for_what_it_is(urgent: Walked) -> None:
    with pytest.raises(PermissionError, match="the gate says wait"):
        released(urgent)
    request = asked(urgent)
    assert f"Why it cannot wait: {REASON}" in request.text
    assert f"due by {request.sign_offs_due:%Y-%m-%d %H:%M} UTC; without them gateways stop" in request.text

    decision = let_out(urgent)
    assert decision.verdict == "allow"
    (reason,) = [each for each in decision.reasons if each.demand == "sign-off:risk-analyst"]
    assert reason.finding == "waived"
    assert f"EMERGENCY release by erin (executive): {REASON}; sign-offs due by" in reason.explanation

    signed = released(urgent)
    assert signed.emergency == REASON
    assert signed.expires_at - urgent.clock() < timedelta(hours=HOURS)
    line = urgent.do("omar", "release list")[-1]
    assert (line.state, line.emergency) == ("in-force", REASON)


def test_nobody_makes_one_by_oversight(urgent: Walked) -> None:
    let_out(urgent)
    version = {"version": urgent.version}
    unchanged(urgent, PermissionError, "in an emergency only", "mia", "release sign", **version)
    unchanged(urgent, ValueError, "says why it cannot wait", "mia", "release sign", **version, emergency=True)
    urgent.sign("bob")
    unchanged(
        urgent, ValueError, "sign an ordinary release", "mia", "release sign", **version, emergency=True, reason="x"
    )
    unchanged(urgent, ValueError, "goes with an emergency release", "mia", "release sign", **version, reason="x")
    assert urgent.do("mia", "release sign", **version).emergency == ""


def test_gateways_stop_by_themselves_when_the_time_is_over(urgent: Walked) -> None:
    let_out(urgent)
    released(urgent)
    urgent.do("omar", "deployment set", name="urgent", version=urgent.version)
    gateway = urgent.gateway()
    table = gateway.refresh()
    assert "urgent" in table.serving(urgent.clock())
    urgent.clock.offset += timedelta(hours=HOURS, seconds=1)
    assert "urgent" not in table.serving(urgent.clock()), "without hearing from anybody"
    assert "urgent" not in gateway.refresh().serving(urgent.clock())
    assert urgent.do("omar", "release list")[-1].state == "expired"
    assert "urgent" not in {each.name for each in urgent.do("omar", "orders issue").deployments}


def test_with_its_sign_offs_it_is_released_as_any_other(urgent: Walked) -> None:
    let_out(urgent)
    released(urgent)
    urgent.sign("bob")
    ordinary = urgent.do("mia", "release sign", version=urgent.version)
    assert ordinary.expires_at - urgent.clock() > timedelta(hours=HOURS)
    urgent.do("omar", "deployment set", name="urgent", version=urgent.version)
    urgent.clock.offset += timedelta(hours=HOURS, seconds=1)
    assert "urgent" in served(urgent)


def test_who_the_policy_does_not_name_lets_nothing_out(urgent: Walked) -> None:
    refused = {"version": urgent.version, "reason": REASON}
    unchanged(urgent, PermissionError, "needs the role", "mia", "emergency request", **refused, role="executive")
    unchanged(
        urgent,
        PermissionError,
        "does not hold the role executive",
        "bob",
        "emergency request",
        **refused,
        role="executive",
    )
    unchanged(
        urgent,
        PermissionError,
        "bob signed as risk-analyst; consumer-credit wants executive",
        "bob",
        "emergency request",
        **refused,
        role="risk-analyst",
    )


def test_a_policy_without_terms_knows_no_emergency(walked: Walked) -> None:
    adopt(walked, statement="Another.")
    walked.add("erin", "executive")
    unchanged(
        walked,
        PermissionError,
        "consumer-credit knows no emergency releases",
        "erin",
        "emergency request",
        version=walked.version,
        role="executive",
        reason=REASON,
    )


def test_another_key_or_another_person_is_an_attack(urgent: Walked) -> None:
    statement = base64.b64decode(asked(urgent).statement)
    forged = sign_statement(statement, urgent.key("bob"))
    unchanged(urgent, PermissionError, "does not count", "erin", "emergency submit", emergency=forged)
    own = sign_statement(statement, urgent.key("erin"))
    urgent.add("eve", "executive")
    unchanged(urgent, PermissionError, "eve hands in a statement of erin", "eve", "emergency submit", emergency=own)
    assert urgent.alerts()[-2:] == ["emergency-forged", "emergency-forged"]


def test_what_is_measured_is_not_excused(urgent: Walked) -> None:
    other = urgent.sibling()
    with pytest.raises(PermissionError, match="excuses missing sign-offs, nothing else; open are: .*discrimination"):
        asked(urgent, version=other)


def test_a_second_statement_makes_the_time_no_longer(urgent: Walked) -> None:
    first = asked(urgent).sign_offs_due
    let_out(urgent)
    urgent.clock.offset += timedelta(hours=HOURS - 1)
    unchanged(
        urgent,
        ValueError,
        "no sign-off is missing",
        "erin",
        "emergency request",
        version=urgent.version,
        role="executive",
        reason=REASON,
    )
    urgent.clock.offset += timedelta(hours=2)
    assert urgent.clock() > first
    with pytest.raises(PermissionError, match="the time of the first emergency release of this version is over"):
        asked(urgent)


def test_the_author_does_not_let_their_own_version_out(urgent: Walked) -> None:
    proposal = urgent.do("admin", "role propose", actor="mia", role="executive", reason="promoted").proposal
    urgent.do("ines", "role confirm", proposal=proposal)
    with pytest.raises(PermissionError, match="mia is an author of this version"):
        asked(urgent, "mia")


def test_a_reason_is_asked_for(urgent: Walked) -> None:
    with pytest.raises(ValueError, match="say why it cannot wait"):
        asked(urgent, reason=" ")
