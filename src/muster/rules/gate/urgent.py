"""Urgent: whether a statement that lets a version out before its sign-offs was signed by somebody whom the root trusts.

Gateways ask the gate themselves, so that they must be able to tell who allowed an emergency release.
"""

from __future__ import annotations

from muster.records.codec import decode
from muster.records.governance.emergency import Emergency, SignedEmergency
from muster.records.trust import Duty, TrustRoot
from muster.rules.envelope import IN_TOTO, Verify, open_envelope, read_envelope, read_statement

EMERGENCY = "urn:muster:attestation:emergency:v1"
"""Predicate type of what lets a version out in an emergency."""


def emergency_in(signed: SignedEmergency, root: TrustRoot, verify: Verify) -> Emergency:
    """Return the statement in an envelope; raise PermissionError or ValueError where it does not count."""
    envelope = read_envelope(signed.envelope)
    grants = [grant for grant in root.grants if grant.duty is Duty.APPROVER]
    payload = open_envelope(envelope, IN_TOTO, [grant.key for grant in grants], verify)
    subjects, predicate = read_statement(payload, EMERGENCY)
    said = decode(Emergency, predicate, "emergency")
    if said.origin != root.origin:
        msg = f"{said.approver} signed for the house {said.origin!r}, this one is {root.origin!r}"
        raise PermissionError(msg)
    own = [grant for grant in grants if grant.actor == said.approver and said.role in grant.roles]
    own = [grant for grant in own if not grant.use_cases or said.question.use_case in grant.use_cases]
    if not own:
        msg = (
            f"the trust root gives {said.approver!r} no key for the role {said.role} and use case "
            f"{said.question.use_case!r}"
        )
        raise PermissionError(msg)
    open_envelope(envelope, IN_TOTO, [grant.key for grant in own], verify)
    if subjects != {"model-version": said.question.version} or signed.version != said.question.version:
        msg = "the statement is about another version than what was signed"
        raise ValueError(msg)
    return said
