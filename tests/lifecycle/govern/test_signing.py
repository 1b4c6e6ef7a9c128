import base64

import pytest
from tests.adopting import adopt, unchanged
from tests.lifecycle.govern.people import by_token, let_in, sign
from tests.walk import Walked

from muster.records.canonical import canonical, parse
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
    assert "I have seen 4 pieces of evidence" in request.text


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


@pytest.fixture
def lax(walked: Walked) -> Walked:
    """A house whose policy counts what the platform signs, in which eve has a role and no key."""
    let_in(walked, "eve", Role.RISK_ANALYST, key=False)
    adopt(walked, own_keys_only=False)
    return walked


def test_the_platform_signs_in_the_name_of_whom_it_let_in(lax: Walked) -> None:
    decision = by_token(lax, "eve", "approval give", version=lax.version, role="risk-analyst", comment="fine")
    assert decision.verdict == "allow"
    assert decision.reasons[-1].explanation == "signed by eve (by the platform in their name)"
    line = lax.do("omar", "approval show", version=lax.version)[-1]
    assert (line.approver, line.signed_with, line.state) == ("eve", "platform", "counts")
    lax.do("mia", "release sign", version=lax.version)
    lax.do("omar", "deployment set", name="credit", version=lax.version)
    assert lax.gateway().refresh().serving(lax.clock()), "gateways count it too"


def test_the_platform_signs_rejections_too(lax: Walked) -> None:
    asked = {"version": lax.version, "role": "risk-analyst", "answer": "reject"}
    assert by_token(lax, "eve", "approval give", **asked).verdict == "refuse"


def test_the_platform_signs_for_nobody_in_local_mode_nor_for_holders_of_a_key(lax: Walked) -> None:
    asked = {"version": lax.version, "role": "risk-analyst"}
    unchanged(lax, PermissionError, "nobody authenticated you", "eve", "approval give", **asked)
    with pytest.raises(PermissionError, match="bob has a key: sign with it"):
        by_token(lax, "bob", "approval give", **asked)
    lax.add("nightly", "operator", responsible="eve")
    with pytest.raises(PermissionError, match="needs the role"):
        by_token(lax, "nightly", "approval give", **asked)


def test_a_policy_that_counts_own_keys_only_takes_nothing_from_the_platform(walked: Walked) -> None:
    let_in(walked, "eve", Role.RISK_ANALYST, key=False)
    with pytest.raises(PermissionError, match=r"counts only sign-offs with keys of their own: make one"):
        by_token(walked, "eve", "approval give", version=walked.version, role="risk-analyst")


def test_a_house_of_before_says_how_it_gets_a_platform_key(lax: Walked) -> None:
    asked = {"version": lax.version, "role": "risk-analyst"}
    lax.close()
    (lax.home / "keys" / "platform.pem").unlink()
    with pytest.raises(PermissionError, match=r"no key for signing in people's names\. Make one .* --duty platform"):
        by_token(lax, "eve", "approval give", **asked)


def test_nobody_hands_in_what_the_platform_signs(lax: Walked) -> None:
    request = lax.do("bob", "approval request", version=lax.version, role="risk-analyst")
    said = parse(base64.b64decode(request.statement))
    said["predicate"]["platform"] = True
    envelope = sign_statement(canonical(said), lax.home / "keys" / "platform.pem")
    unchanged(lax, PermissionError, "nobody hands that in", "bob", "approval submit", envelope=envelope)


def test_a_role_that_the_policy_does_not_ask_rejects_nothing(walked: Walked) -> None:
    let_in(walked, "dave", Role.OWNER)
    with pytest.raises(PermissionError, match="asks for no sign-off of a owner, so that none can reject"):
        sign(walked, "dave", role="owner", answer="reject")
