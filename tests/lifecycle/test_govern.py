import base64
from dataclasses import replace
from typing import Any

import pytest
from tests.walk import Walked, policy

from muster.records.codec import encode
from muster.records.people import Role
from muster.records.policy import Library, ReasonMap, Requirement, SignOff
from muster.records.trust import Duty
from muster.wiring import shipped
from muster.wiring.signing import sign_statement

LIBRARY = "controls/controls.yaml"


def adopt(walked: Walked, **changed: Any) -> Any:
    return walked.do("ana", "policy adopt", policy=encode(replace(policy(), **changed)))


def unchanged(walked: Walked, error: type[Exception], said: str, actor: str, action: str, **arguments: Any) -> None:
    """Ask for something that must be refused, and make sure that nothing but the refusal was written."""
    before = walked.house.ledger.refresh()
    with pytest.raises(error, match=said):
        walked.do(actor, action, **arguments)
    written = list(walked.house.ledger.read(start=before))
    assert [entry.entry.kind for entry in written] == ["action.refused"] * (error is PermissionError)


def waiver(walked: Walked, **changed: Any) -> dict[str, Any]:
    usual = {
        "version": walked.version,
        "control": "discrimination",
        "reason": "a small sample",
        "compensating_control": "a person looks at every refusal",
        "days": 30,
        "requested_by": "omar",
    }
    return {**usual, **changed}


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


def test_two_policies_for_one_use_case_decide_nothing(walked: Walked) -> None:
    adopt(walked, id="another")
    unchanged(
        walked,
        LookupError,
        r"2 policies cover it \(consumer-credit, another\)",
        "omar",
        "gate decide",
        version=walked.version,
    )


def test_asking_writes_nothing_and_deciding_writes_the_decision(walked: Walked) -> None:
    before = walked.house.ledger.refresh()
    asked = walked.do("mia", "gate ask", version=walked.version)
    assert walked.house.ledger.refresh() == before
    decided = walked.do("mia", "gate decide", version=walked.version)
    (written,) = walked.house.ledger.read(start=before)
    assert (written.entry.kind, written.entry.actor) == ("decision.made", "local:mia")
    assert written.entry.body == encode(decided)
    assert asked.verdict == decided.verdict == "allow"
    assert asked.reasons == decided.reasons


def test_what_is_asked_to_be_signed_can_be_read(walked: Walked) -> None:
    request = walked.do("bob", "approval request", version=walked.version[:20], role="risk-analyst")
    assert request.text.startswith(f"I, bob, as risk-analyst, approve that model version {walked.version}")
    assert "discrimination" in request.text
    assert "I have seen 3 pieces of evidence" in request.text


def test_a_second_person_fills_a_second_seat(walked: Walked) -> None:
    adopt(walked, sign_offs=(SignOff(Role.RISK_ANALYST, 2),))
    assert walked.sign("ana").verdict == "wait"
    assert walked.sign("ana").verdict == "wait"
    assert walked.sign("bob").verdict == "allow"


def test_what_was_signed_under_an_earlier_policy_or_library_does_not_count(walked: Walked) -> None:
    envelope = walked.signed("bob")
    adopt(walked, statement="Newer.")
    said = "bob signed under another version of the policy"
    unchanged(walked, PermissionError, said, "bob", "approval submit", envelope=envelope)
    envelope = walked.signed("bob")
    walked.do("ana", "library adopt", library={**shipped.value(Library, LIBRARY), "notice": "Newer."})
    said = "bob signed under another version of the library"
    unchanged(walked, PermissionError, said, "bob", "approval submit", envelope=envelope)


def test_nobody_signs_off_what_was_not_measured(walked: Walked) -> None:
    sibling = walked.sibling()
    envelope = walked.signed("bob", sibling)
    said = "nothing to sign off yet: no-prohibited-inputs-credit, discrimination, impact-ratio-sex, parity is missing"
    unchanged(walked, PermissionError, said, "bob", "approval submit", envelope=envelope)


def test_nobody_signs_off_what_they_have_not_seen(walked: Walked) -> None:
    envelope = walked.signed("bob")
    walked.do("mia", "model assess", version=walked.version, sample=walked.parts["held-out"])
    unchanged(
        walked, PermissionError, "3 pieces of evidence that came since", "bob", "approval submit", envelope=envelope
    )
    assert walked.sign("bob").verdict == "allow"


@pytest.mark.parametrize("envelope", ["", "{}", "no json", '{"payload":"e30=","payloadType":"x","signatures":[]}'])
def test_what_is_no_approval_is_refused(walked: Walked, envelope: str) -> None:
    unchanged(walked, ValueError, r"\w+ \w+", "bob", "approval submit", envelope=envelope)


def test_a_statement_that_was_changed_after_signing_is_refused(walked: Walked) -> None:
    request = walked.do("bob", "approval request", version=walked.version, role="risk-analyst")
    envelope = sign_statement(base64.b64decode(request.statement), walked.key("bob"))
    other = base64.b64encode(base64.b64decode(request.statement).replace(b'"bob"', b'"ana"')).decode()
    assert request.statement in envelope
    changed = envelope.replace(request.statement, other)
    unchanged(walked, PermissionError, "trusted keys signed this", "ana", "approval submit", envelope=changed)


def test_a_waiver_lets_one_control_pass_until_its_end(walked: Walked) -> None:
    adopt(walked, requirements=(Requirement("no-prohibited-inputs-credit"), Requirement("discrimination", limit=0.99)))
    walked.sign("bob")
    assert walked.do("mia", "gate ask", version=walked.version).verdict == "refuse"
    granted = walked.do("ana", "waiver grant", **waiver(walked))
    assert walked.do("mia", "gate ask", version=walked.version).verdict == "allow"
    walked.clock.offset = granted.expires_at - walked.clock()
    assert walked.do("mia", "gate ask", version=walked.version).verdict == "refuse"


@pytest.mark.parametrize(
    ("changed", "error", "said"),
    [
        ({"requested_by": "ana"}, PermissionError, "ana cannot grant a waiver to themself"),
        ({"requested_by": "mia"}, PermissionError, "mia is an author of version"),
        ({"requested_by": "ghost"}, LookupError, "no actor 'ghost' is known here"),
        ({"requested_by": "local:ana"}, LookupError, "no actor 'local:ana'"),
        ({"days": 0}, ValueError, "1 to 365 days, not 0"),
        ({"days": 366}, ValueError, "1 to 365 days, not 366"),
        ({"reason": " "}, ValueError, "give a reason"),
        ({"compensating_control": ""}, ValueError, "a compensating control"),
        ({"version": "sha256:00"}, LookupError, "muster model list"),
        ({"control": "impact-ratio-moon"}, LookupError, "does not demand control 'impact-ratio-moon'; it demands"),
        ({"control": "no-prohibited-inputs-credit"}, PermissionError, "is not waivable"),
        ({"environment": "moon"}, LookupError, "no adopted policy covers it"),
    ],
)
def test_a_waiver_that_would_not_count_is_not_granted(
    walked: Walked, changed: dict[str, Any], error: type[Exception], said: str
) -> None:
    unchanged(walked, error, said, "ana", "waiver grant", **waiver(walked, **changed))


@pytest.mark.parametrize(
    ("actor", "action", "role"),
    [
        ("mia", "library adopt", "risk-analyst"),
        ("mia", "policy adopt", "risk-analyst"),
        ("mia", "waiver grant", "risk-analyst"),
        ("mia", "approval request", "executive or owner or risk-analyst or validator"),
        ("omar", "approval submit", "executive or owner or risk-analyst or validator"),
        ("admin", "gate decide", "ml-engineer or operator or risk-analyst or validator"),
    ],
)
def test_roles_are_asked_for(walked: Walked, actor: str, action: str, role: str) -> None:
    unchanged(walked, PermissionError, f"needs the role {role}", actor, action)


def test_the_keys_of_the_house_are_no_approver_s(walked: Walked) -> None:
    request = walked.do("bob", "approval request", version=walked.version, role="risk-analyst")
    for duty in (Duty.RELEASE, Duty.ORDERS, Duty.ROOT):
        envelope = sign_statement(base64.b64decode(request.statement), walked.home / "keys" / f"{duty.value}.pem")
        unchanged(walked, PermissionError, "trusted keys signed this", "bob", "approval submit", envelope=envelope)


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
