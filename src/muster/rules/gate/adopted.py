"""Adopted: whether people signed a policy with their own keys, where the trust root asks for that.

Whoever keeps the ledger could write an easier policy into it. So the trust root, which is signed elsewhere, says how
many people of which roles must have signed a policy, and whoever asks the gate (gateways, too) verifies that they did.
"""

from __future__ import annotations

from muster.records.adoption.policies import PolicyApproval, SignedPolicy
from muster.records.codec import decode
from muster.records.trust import Duty, TrustRoot
from muster.rules.envelope import IN_TOTO, Verify, open_envelope, read_envelope, read_statement

POLICY_APPROVAL = "urn:muster:attestation:policy-approval:v1"
"""Predicate type of approvals of policies."""


def policy_approval(signed: SignedPolicy, root: TrustRoot, verify: Verify) -> PolicyApproval:
    """Return the approval in a signed policy; raise PermissionError or ValueError where it does not count."""
    envelope = read_envelope(signed.envelope)
    grants = [grant for grant in root.grants if grant.duty is Duty.APPROVER]
    payload = open_envelope(envelope, IN_TOTO, [grant.key for grant in grants], verify)
    subjects, predicate = read_statement(payload, POLICY_APPROVAL)
    approval = decode(PolicyApproval, predicate, "policy approval")
    if approval.origin != root.origin:
        msg = f"{approval.approver} signed for the house {approval.origin!r}, this one is {root.origin!r}"
        raise PermissionError(msg)
    own = [grant for grant in grants if grant.actor == approval.approver and approval.role in grant.roles]
    if not own:
        msg = f"the trust root gives {approval.approver!r} no key for the role {approval.role}"
        raise PermissionError(msg)
    if everywhere := [grant for grant in own if not grant.use_cases]:
        open_envelope(envelope, IN_TOTO, [grant.key for grant in everywhere], verify)
    else:
        msg = f"{approval.approver!r} signs for some use cases only, and a policy may be for any"
        raise PermissionError(msg)
    if approval.approver == approval.proposed_by:
        msg = f"{approval.approver} proposed this policy and may not sign it"
        raise PermissionError(msg)
    if subjects != {"policy": approval.policy} or signed.policy != approval.policy:
        msg = "the statement is about another policy than its approval"
        raise ValueError(msg)
    return approval
