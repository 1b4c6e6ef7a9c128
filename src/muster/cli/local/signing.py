"""Signing off: an approver reads what the gate found, and signs with their own key on their own machine."""

from __future__ import annotations

import base64
from typing import Annotated, Any

import typer

from muster.cli.local.asking import sign_when_read
from muster.cli.local.registry import local
from muster.cli.session import Session
from muster.cli.show import show
from muster.lifecycle.govern.drafting import Answer, ApprovalRequest
from muster.records.canonical import digest
from muster.records.codec import decode, encode
from muster.records.decision import Approval
from muster.records.people import Role
from muster.rules.envelope import read_statement
from muster.rules.personal import salted
from muster.rules.signing.statements import APPROVAL, REJECTION


@local("sign-off")
def sign_off(  # noqa: PLR0913, PLR0917 - the options of a command are its arguments
    session: Session,
    version: Annotated[str, typer.Argument(metavar="VERSION", help="Digest of the model version, or its beginning.")],
    key: Annotated[str, typer.Option(metavar="KEY", help="Your private key: a file, or a URI.")],
    role: Annotated[str, typer.Option(metavar="ROLE", help="Role that you sign for.")] = Role.RISK_ANALYST.value,
    environment: Annotated[str, typer.Option(metavar="NAME", help="Environment.")] = "production",
    scope: Annotated[str, typer.Option(metavar="SCOPE", help="serve, trial or shadow.")] = "serve",
    comment: Annotated[str, typer.Option(metavar="TEXT", help="What you want to say; it can be erased later.")] = "",
    reject: Annotated[bool, typer.Option("--reject", help="Reject it: that stands until you withdraw it.")] = False,
    condition: Annotated[
        list[str] | None,
        typer.Option(metavar="'DATE OWNER: TEXT'", help="What it depends on; may be given more than once."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
) -> int:
    """Sign off a model version, or reject it: read what the gate found, sign it with your key, hand it in.

    The key stays on this machine. What is signed is the statement; what it says is read from it and shown last, so that
    no control plane can show one thing and have another signed.
    """
    words = salted(comment) if comment else None
    asked: dict[str, Any] = {"version": version, "role": role, "environment": environment, "scope": scope}
    asked["comment_digest"] = words.commitment if words else ""
    asked |= {"answer": (Answer.REJECT if reject else Answer.APPROVE).value, "conditions": condition or []}
    request: ApprovalRequest = session.call("approval request", asked)
    payload = base64.b64decode(request.statement)
    approval = decode(Approval, read_statement(payload, REJECTION if reject else APPROVAL)[1], "approval")
    _require_same(approval, version, role, environment, scope)
    _require_beside(approval, asked["comment_digest"], len(asked["conditions"]))
    said = [f"  and says     {words.words}"] if words else []
    shown = (request.text, _signed_words(approval, payload, reject=reject), *said)
    if not (envelope := sign_when_read(session, shown, payload, key, yes=yes)):
        return 1
    handed_in = {"envelope": envelope} | ({"comment": encode(words)} if words else {})
    return show(session.call("approval submit", handed_in), session)


def _require_beside(approval: Approval, comment: str, conditions: int) -> None:
    """Refuse to sign another comment or other conditions than were asked for, or what only the platform signs."""
    if approval.comment_digest != comment:
        msg = "the control plane sent a statement with another comment: not signed"
        raise PermissionError(msg)
    if approval.platform or len(approval.conditions) != conditions:
        msg = "the control plane sent a statement on other conditions, or of its own: not signed"
        raise PermissionError(msg)


def _require_same(approval: Approval, version: str, role: str, environment: str, scope: str) -> None:
    """Refuse to sign anything else than what was asked for, whatever the control plane sent."""
    question = approval.question
    beginning = version.removeprefix("sha256:")
    asked_for = question.version.removeprefix("sha256:").startswith(beginning) and beginning
    if not asked_for or (approval.role, question.environment, question.scope) != (role, environment, scope):
        msg = f"the control plane sent a statement about something else ({question}, role {approval.role}): not signed"
        raise PermissionError(msg)
    if not approval.origin:
        msg = "the control plane sent a statement that names no house, so that any could use it: not signed"
        raise PermissionError(msg)


def _signed_words(approval: Approval, payload: bytes, *, reject: bool) -> str:
    """Say what the statement says, whatever the control plane shows beside it."""
    question = approval.question
    lent = [f"  lent by      the delegation {approval.delegation}"] if approval.delegation else []
    on = [f"  if by        {each.due:%Y-%m-%d} {each.owner}: {each.text}" for each in approval.conditions]
    return "\n".join(
        (
            "",
            f"The statement, {digest(payload)}, says:",
            f"  in           the house {approval.origin}",
            f"  who          {approval.approver}, as {approval.role}",
            *lent,
            f"  {'rejects ' if reject else 'approves'}     that {question.version}",
            f"  may          {question.scope} {question.use_case} in {question.environment}",
            f"  under        policy {approval.policy}",
            f"  and          library {approval.library}",
            *on,
            f"  having seen  {len(approval.evidence)} pieces of evidence",
        )
    )
