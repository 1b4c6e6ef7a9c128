import base64
from typing import Any

import pytest
from tests.adopting import adopt, unchanged
from tests.walk import Walked

from muster.records.codec import encode
from muster.records.people import Role
from muster.records.policy import Library, Requirement, SignOff
from muster.records.trust import Duty
from muster.wiring import shipped
from muster.wiring.signing import sign_statement

LIBRARY = "controls/controls.yaml"


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


def test_a_program_asks_for_no_waiver(walked: Walked) -> None:
    walked.add("nightly", "operator", responsible="omar")
    asked = waiver(walked, requested_by="nightly")
    unchanged(walked, PermissionError, "nightly is a service account: a person asks", "ana", "waiver grant", **asked)


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
