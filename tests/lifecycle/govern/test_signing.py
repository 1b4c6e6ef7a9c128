import base64

import pytest
from tests.adopting import adopt, unchanged
from tests.walk import Walked

from muster.records.people import Role
from muster.records.policy import Library, SignOff
from muster.records.trust import Duty
from muster.wiring import shipped
from muster.wiring.signing import sign_statement

LIBRARY = "controls/controls.yaml"


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


def test_nobody_signs_in_a_role_that_they_hold_no_more(walked: Walked) -> None:
    envelope = walked.signed("bob")
    made = walked.do("admin", "role propose", actor="bob", role="owner", reason="as agreed")
    walked.do("ines", "role confirm", proposal=made.proposal)
    walked.do("ines", "role withdraw", actor="bob", role="risk-analyst", reason="moved")
    said = "bob does not hold the role risk-analyst"
    unchanged(walked, PermissionError, said, "bob", "approval submit", envelope=envelope)
    unchanged(walked, PermissionError, said, "bob", "approval request", version=walked.version, role="risk-analyst")


def test_a_role_elsewhere_signs_nothing_here(walked: Walked) -> None:
    envelope = walked.signed("bob")
    walked.do("ines", "role withdraw", actor="bob", role="risk-analyst", reason="narrowed")
    for role, where in (("risk-analyst", ["cards"]), ("owner", [])):
        asked = {"actor": "bob", "role": role, "reason": "as agreed", "business_units": where}
        walked.do("ines", "role confirm", proposal=walked.do("admin", "role propose", **asked).proposal)
    said = "the role risk-analyst of bob counts in business unit cards only"
    unchanged(walked, PermissionError, said, "bob", "approval submit", envelope=envelope)


@pytest.mark.parametrize(
    ("actor", "action", "role"),
    [
        ("mia", "library adopt", "risk-analyst"),
        ("mia", "policy adopt", "risk-analyst"),
        ("mia", "waiver grant", "risk-analyst"),
        ("admin", "waiver request", "executive or ml-engineer or operator or owner or risk-analyst or validator"),
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
