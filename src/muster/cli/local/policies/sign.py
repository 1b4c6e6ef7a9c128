"""Signing a policy: read what it says, and sign it with one's own key on one's own machine."""

from __future__ import annotations

import base64
from typing import Annotated

import typer

from muster.cli.local.asking import sign_when_read
from muster.cli.local.registry import local
from muster.cli.session import Session
from muster.cli.show import show
from muster.lifecycle.policies.propose import PolicyRequest
from muster.records.adoption.policies import PolicyApproval
from muster.records.canonical import digest
from muster.records.codec import decode
from muster.records.people import Role
from muster.rules.envelope import read_statement
from muster.rules.gate.adopted import POLICY_APPROVAL


@local("policy sign")
def sign(
    session: Session,
    policy: Annotated[str, typer.Argument(metavar="DIGEST", help="Digest of the proposed policy, or its beginning.")],
    key: Annotated[str, typer.Option(metavar="KEY", help="Your private key: a file, or a URI.")],
    role: Annotated[str, typer.Option(metavar="ROLE", help="Role that you sign for.")] = Role.RISK_ANALYST.value,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
) -> int:
    """Sign a proposed policy: read what it says, sign it with your key, hand it in. The key stays on this machine."""
    request: PolicyRequest = session.call("policy request", {"digest_of": policy, "role": role})
    payload = base64.b64decode(request.statement)
    subjects, predicate = read_statement(payload, POLICY_APPROVAL)
    approval = decode(PolicyApproval, predicate, "policy approval")
    beginning = policy.removeprefix("sha256:")
    same = bool(beginning) and approval.policy.removeprefix("sha256:").startswith(beginning)
    if not same or approval.role != role or subjects != {"policy": approval.policy} or not approval.origin:
        msg = f"the control plane sent a statement about something else ({approval.policy}): not signed"
        raise PermissionError(msg)
    words = (request.text, _signed_words(approval, payload))
    if not (envelope := sign_when_read(session, words, payload, key, yes=yes)):
        return 1
    return show(session.call("policy submit", {"signature": envelope}), session)


def _signed_words(approval: PolicyApproval, payload: bytes) -> str:
    """Say what the statement says, whatever the control plane shows beside it."""
    return "\n".join(
        (
            "",
            f"The statement, {digest(payload)}, says:",
            f"  in           the house {approval.origin}",
            f"  who          {approval.approver}, as {approval.role}",
            f"  approves     policy {approval.name}, {approval.policy}",
            f"  in place of  {approval.replaces or 'none'}",
            f"  proposed by  {approval.proposed_by}",
        )
    )
