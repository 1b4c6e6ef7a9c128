"""Statements of people about a version: read from the envelopes that they signed, or that the platform signed for them.

An own key counts for the person and the roles that the trust root gives it. A key of the duty ``platform`` counts only
for somebody who has no key of their own, and only where the entry names that very person as whom the platform let in:
no service account, nobody in local mode.
"""

from __future__ import annotations

import base64

from muster.records.codec import decode
from muster.records.decision import Approval, SignedApproval
from muster.records.entry import Recorded
from muster.records.governance.signoffs import Delegation, SignedDelegation, SignedRejection
from muster.records.trust import Duty, KeyGrant, PublicKey, TrustRoot
from muster.rules.envelope import IN_TOTO, Verify, open_envelope, read_envelope, read_statement

APPROVAL = "urn:muster:attestation:approval:v1"
"""Predicate type of approvals; none of the in-toto project's own fits."""

REJECTION = "urn:muster:attestation:rejection:v1"
"""Predicate type of rejections: of its own, so that nobody who knows approvals only takes one for an approval."""

DELEGATION = "urn:muster:attestation:delegation:v1"
"""Predicate type of delegations."""


def approval_in(recorded: Recorded, root: TrustRoot, verify: Verify) -> Approval:
    """Return the approval in an entry; raise PermissionError or ValueError where it does not count."""
    return _said(recorded, decode(SignedApproval, recorded.entry.body).envelope, APPROVAL, root, verify)


def rejection_in(recorded: Recorded, root: TrustRoot, verify: Verify) -> Approval:
    """Return what was signed in an entry that rejects; raise PermissionError or ValueError where it does not count."""
    return _said(recorded, decode(SignedRejection, recorded.entry.body).envelope, REJECTION, root, verify)


def delegation_in(recorded: Recorded, root: TrustRoot, verify: Verify) -> Delegation:
    """Return the delegation in an entry; raise PermissionError or ValueError where it does not count."""
    signed = decode(SignedDelegation, recorded.entry.body)
    envelope = read_envelope(signed.envelope)
    grants = _approvers(root)
    payload = open_envelope(envelope, IN_TOTO, [grant.key for grant in grants], verify)
    _, predicate = read_statement(payload, DELEGATION)
    said = decode(Delegation, predicate, "delegation")
    own = holders(root, said.principal, said.role, said.use_case)
    open_envelope(envelope, IN_TOTO, own, verify)
    _require_here(said.principal, said.origin, root)
    if said.use_case != signed.use_case:
        msg = f"{said.principal} lends the role for use case {said.use_case!r}, the entry names {signed.use_case!r}"
        raise PermissionError(msg)
    if said.principal == said.delegate:
        msg = f"{said.principal} lends the role to themself"
        raise PermissionError(msg)
    return said


def holders(root: TrustRoot, person: str, role: str, use_case: str) -> list[PublicKey]:
    """Return the keys by which somebody may sign in a role about a use case; raise PermissionError if there is none.

    Parameters
    ----------
    role
        Empty: any, for somebody to whom another lent one.
    """
    own = [grant for grant in _approvers(root) if grant.actor == person and (not role or role in grant.roles)]
    if not own:
        msg = f"the trust root gives {person!r} no key" + (f" for the role {role}" if role else "")
        raise PermissionError(msg)
    if covering := [grant.key for grant in own if not grant.use_cases or use_case in grant.use_cases]:
        return covering
    msg = f"the trust root lets {person!r} sign off other use cases than {use_case!r} only"
    raise PermissionError(msg)


def _said(recorded: Recorded, text: str, predicate_type: str, root: TrustRoot, verify: Verify) -> Approval:
    envelope = read_envelope(text)
    # Read before it is verified, only to learn whose key it claims; nothing else is believed until that has signed.
    claim = claimed(text)[1]
    try:
        payload = open_envelope(envelope, IN_TOTO, _pens(claim, recorded, root), verify)
    except PermissionError:
        known = root.keys(Duty.PLATFORM if claim.platform else Duty.APPROVER)
        open_envelope(envelope, IN_TOTO, known, verify)  # tells a key that nobody here knows from one of another person
        raise
    subjects, predicate = read_statement(payload, predicate_type)
    said = decode(Approval, predicate, "approval")
    _require_here(said.approver, said.origin, root)
    if subjects.get("model-version") != said.question.version:
        msg = "the statement is about another version than its approval"
        raise ValueError(msg)
    return said


def _pens(said: Approval, recorded: Recorded, root: TrustRoot) -> list[PublicKey]:
    """Return the keys that may have signed for this approver."""
    if not said.platform:
        role = "" if said.delegation else said.role
        return holders(root, said.approver, role, said.question.use_case)
    if any(grant.actor == said.approver for grant in _approvers(root)):
        msg = f"{said.approver} has a key of their own: the platform signs nothing in their name"
        raise PermissionError(msg)
    if recorded.entry.actor != said.approver or said.delegation:
        msg = f"the platform signed in the name of {said.approver}, but let in {recorded.entry.actor}"
        raise PermissionError(msg)
    return list(root.keys(Duty.PLATFORM))


def _approvers(root: TrustRoot) -> list[KeyGrant]:
    return [grant for grant in root.grants if grant.duty is Duty.APPROVER]


def _require_here(person: str, origin: str, root: TrustRoot) -> None:
    """Refuse what names another house; the first approvals named none, but evidence that is in theirs only."""
    if origin and origin != root.origin:
        msg = f"{person} signed for the house {origin!r}, this one is {root.origin!r}"
        raise PermissionError(msg)


def claimed(envelope: str) -> tuple[str, Approval]:
    """Return what an envelope claims to be, APPROVAL or REJECTION, and what it says; nothing of it is verified yet.

    Raises
    ------
    ValueError
        If it is neither.
    """
    payload = base64.b64decode(read_envelope(envelope).payload)
    try:
        _, predicate = read_statement(payload, REJECTION)
    except ValueError:
        return APPROVAL, decode(Approval, read_statement(payload, APPROVAL)[1], "approval")
    return REJECTION, decode(Approval, predicate, "rejection")
