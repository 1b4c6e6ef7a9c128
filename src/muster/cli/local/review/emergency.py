"""An emergency release: read what the gate found, and answer for it with one's own key on one's own machine."""

from __future__ import annotations

import base64
from typing import Annotated

import typer

from muster.cli.local.asking import sign_when_read
from muster.cli.local.registry import local
from muster.cli.session import Session
from muster.cli.show import show
from muster.lifecycle.review.emergency import EmergencyRequest
from muster.records.canonical import digest
from muster.records.codec import decode
from muster.records.governance.emergency import Emergency
from muster.records.people import Role
from muster.rules.envelope import read_statement
from muster.rules.gate.urgent import EMERGENCY


@local("emergency sign")
def sign(  # noqa: PLR0913, PLR0917 - the options of a command are its arguments
    session: Session,
    version: Annotated[str, typer.Argument(metavar="VERSION", help="Digest of the model version, or its beginning.")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why it cannot wait; others will read it.")],
    key: Annotated[str, typer.Option(metavar="KEY", help="Your private key: a file, or a URI.")],
    role: Annotated[str, typer.Option(metavar="ROLE", help="Role that you sign for.")] = Role.EXECUTIVE.value,
    environment: Annotated[str, typer.Option(metavar="NAME", help="Environment.")] = "production",
    scope: Annotated[str, typer.Option(metavar="SCOPE", help="serve, trial or shadow.")] = "serve",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
) -> int:
    """Let a version out before its sign-offs, in an emergency: read what the gate found, sign it, hand it in.

    The policy says who may, and by when the sign-offs must follow; without them gateways stop serving it then. What is
    measured must be met all the same. The key stays on this machine.
    """
    asked = {"version": version, "role": role, "reason": reason, "environment": environment, "scope": scope}
    request: EmergencyRequest = session.call("emergency request", asked)
    payload = base64.b64decode(request.statement)
    said = decode(Emergency, read_statement(payload, EMERGENCY)[1], "emergency")
    _require_same(said, asked)
    words = (request.text, _signed_words(said, payload))
    if not (envelope := sign_when_read(session, words, payload, key, yes=yes)):
        return 1
    return show(session.call("emergency submit", {"emergency": envelope}), session)


def _require_same(said: Emergency, asked: dict[str, str]) -> None:
    """Refuse to sign anything else than what was asked for, whatever the control plane sent."""
    question, beginning = said.question, asked["version"].removeprefix("sha256:")
    told = {
        "role": said.role,
        "reason": said.reason,
        "environment": question.environment,
        "scope": question.scope,
    }
    wanted = {name: value.strip() for name, value in asked.items() if name != "version"}
    same = bool(beginning) and question.version.removeprefix("sha256:").startswith(beginning)
    if not same or told != wanted or not said.origin:
        msg = f"the control plane sent a statement about something else ({question}, role {said.role}): not signed"
        raise PermissionError(msg)


def _signed_words(said: Emergency, payload: bytes) -> str:
    """Say what the statement says, whatever the control plane shows beside it."""
    question = said.question
    return "\n".join(
        (
            "",
            f"The statement, {digest(payload)}, says:",
            f"  in           the house {said.origin}",
            f"  who          {said.approver}, as {said.role}",
            f"  answers for  {question.version}",
            f"  being let    {question.scope} {question.use_case} in {question.environment}, before its sign-offs",
            f"  because      {said.reason}",
            f"  under        policy {said.policy}",
            f"  and          library {said.library}",
        )
    )
