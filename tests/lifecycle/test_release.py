import base64
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.adopting import unchanged
from tests.lifecycle.racing import racing
from tests.walk import Walked, policy

from muster.lifecycle.desk.perform import perform
from muster.lifecycle.desk.roots import current_root
from muster.ports.ledger import Conflict
from muster.records.canonical import digest
from muster.records.codec import encode
from muster.records.people import Role
from muster.records.policy import Requirement, SignOff
from muster.records.release import SignedRelease
from muster.rules.admission import open_package
from muster.wiring.signing import sign_statement


def test_a_release_carries_all_that_was_decided_on_and_a_proof_of_each(walked: Walked) -> None:
    signed = walked.do("mia", "release sign", version=walked.version)
    context = walked.context()
    content = walked.house.blobs.get(signed.package)
    release, entries = open_package(content, current_root(context), walked.house.verify)
    kinds = {recorded.entry.kind for recorded in entries}
    assert kinds >= {"approval.signed", "evidence.recorded", "policy.adopted", "library.adopted", "run.finished"}
    assert sorted(release.evidence) == sorted(digest(recorded.raw) for recorded in entries)
    assert release.served == walked.served
    assert signed.expires_at - release.issued_at == timedelta(days=policy().release_life_days)


def test_a_version_that_the_gate_does_not_allow_is_not_released_and_every_open_demand_is_told(walked: Walked) -> None:
    sibling = walked.sibling()
    before = walked.house.ledger.refresh()
    with pytest.raises(PermissionError) as refusal:
        walked.do("mia", "release sign", version=sibling)
    said = str(refusal.value)
    assert said.startswith("the gate says refuse; not met:\n")
    for demand in (
        "no-prohibited-inputs-credit",
        "discrimination",
        "impact-ratio-sex",
        "parity",
        "sign-off:risk-analyst",
    ):
        assert f"  {demand} (missing): " in said
    assert [entry.entry.kind for entry in walked.house.ledger.read(start=before)] == ["action.refused"]
    assert walked.refusals()[-1] == said


def test_the_gate_waits_for_people(walked: Walked) -> None:
    walked.do("ana", "policy adopt", policy=encode(replace(policy(), sign_offs=(SignOff(Role.RISK_ANALYST, 2),))))
    with pytest.raises(PermissionError, match="the gate says wait"):
        walked.do("mia", "release sign", version=walked.version)


def strict() -> Any:
    return encode(replace(policy(), requirements=(Requirement("discrimination", limit=0.99),)))


def test_a_policy_that_changes_meanwhile_is_decided_by(walked: Walked) -> None:
    before = len(walked.context().history(SignedRelease))
    context = racing(walked, "mia", lambda: walked.do("ana", "policy adopt", policy=strict()))
    with pytest.raises(PermissionError, match="discrimination"):
        perform("release sign", context, {"version": walked.version})
    assert len(walked.context().history(SignedRelease)) == before


def test_what_changes_meanwhile_without_harm_is_decided_again(walked: Walked) -> None:
    context = racing(walked, "mia", lambda: walked.do("bob", "gate decide", version=walked.version), times=3)
    signed = perform("release sign", context, {"version": walked.version})
    assert walked.context().history(SignedRelease)[-1][1] == signed


def test_whoever_is_always_too_late_is_told_so(walked: Walked) -> None:
    before = len(walked.context().history(SignedRelease))
    context = racing(walked, "mia", lambda: walked.do("bob", "gate decide", version=walked.version), times=99)
    with pytest.raises(Conflict, match="read again and decide again"):
        perform("release sign", context, {"version": walked.version})
    assert len(walked.context().history(SignedRelease)) == before


def test_a_release_stands_until_its_evidence_is_old(walked: Walked) -> None:
    (line,) = walked.do("omar", "release list")
    assert (line.state, line.package, line.reasons) == ("in-force", walked.package, ())
    walked.clock.offset = timedelta(days=31)
    (line,) = walked.do("omar", "release list")
    assert line.state == "lapsed"
    assert any("older than the 30 days" in reason for reason in line.reasons)


def test_a_revocation_is_for_good_and_says_why(walked: Walked) -> None:
    revoked = walked.do("ana", "release revoke", package=walked.package, reason="a complaint")
    assert (revoked.version, revoked.reason) == (walked.version, "a complaint")
    assert walked.do("omar", "release list")[0].state == "revoked"
    said = r"its release was revoked on .* \(a complaint\), and too few people have signed since"
    unchanged(walked, PermissionError, said, "mia", "release sign", version=walked.version)
    walked.sign("bob")
    again = walked.do("mia", "release sign", version=walked.version)
    assert again.package != walked.package
    assert [line.state for line in walked.do("omar", "release list")] == ["revoked", "in-force"]


def test_what_was_never_released_cannot_be_revoked(walked: Walked) -> None:
    before = walked.house.ledger.refresh()
    with pytest.raises(LookupError, match="`muster release list` shows them"):
        walked.do("ana", "release revoke", package="sha256:00", reason="x")
    assert walked.house.ledger.refresh() == before


@pytest.mark.parametrize(
    ("actor", "action", "role"),
    [
        ("admin", "release sign", "ml-engineer or operator or risk-analyst"),
        ("mia", "release revoke", "operator or risk"),
    ],
)
def test_roles_are_asked_for(walked: Walked, actor: str, action: str, role: str) -> None:
    with pytest.raises(PermissionError, match=f"needs the role {role}"):
        walked.do(actor, action)


def test_a_release_that_the_gate_would_not_count_is_not_signed(walked: Walked, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows of live traffic are due from the release on: one signed in local mode would never start their clock."""
    strict = encode(replace(policy(), local_mode=False))
    known = {"identity": replace(walked.context("ana").identity, local=False)}
    perform("policy adopt", replace(walked.context("ana"), **known), {"policy": strict})
    monkeypatch.setattr("muster.rules.gate.decide.heard_by", lambda _, facts: facts)  # as if all had been by HTTP
    request = {"version": walked.version, "role": "risk-analyst"}
    bob = replace(walked.context("bob"), identity=replace(walked.context("bob").identity, local=False))
    asked = perform("approval request", bob, request)
    envelope = sign_statement(base64.b64decode(asked.statement), walked.key("bob"))
    assert perform("approval submit", bob, {"envelope": envelope}).verdict == "allow"
    with pytest.raises(PermissionError, match="does not count what is done in local mode"):
        walked.do("omar", "release sign", version=walked.version)
    omar = walked.context("omar")
    perform("release sign", replace(omar, identity=replace(omar.identity, local=False)), {"version": walked.version})
