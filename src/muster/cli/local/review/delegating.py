"""Lending a role: somebody signs, with their own key, that another may sign off in their place for some days."""

from __future__ import annotations

import base64
from typing import Annotated

import typer

from muster.cli.local.asking import sign_when_read
from muster.cli.local.registry import local
from muster.cli.session import Session
from muster.cli.show import show
from muster.lifecycle.govern.lending import DelegationRequest
from muster.records.canonical import digest
from muster.records.codec import decode
from muster.records.governance.signoffs import Delegation
from muster.rules.envelope import read_statement
from muster.rules.signing.statements import DELEGATION


@local("approval delegate")
def delegate(
    session: Session,
    role: Annotated[str, typer.Argument(metavar="ROLE", help="Your role that you lend.")],
    to: Annotated[str, typer.Option(metavar="PERSON", help="Who may sign in it, with a key of their own.")],
    use_case: Annotated[str, typer.Option(metavar="ID", help="For which use case, and no other.")],
    days: Annotated[int, typer.Option(metavar="N", help="For how many days from now.")],
    key: Annotated[str, typer.Option(metavar="KEY", help="Your private key: a file, or a URI.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
) -> int:
    """Let another person sign off in your role, for one use case and some days; the key stays on this machine.

    They cannot lend it on, and the two of you together fill one seat. `muster delegation end` ends it sooner.
    """
    asked = {"role": role, "to": to, "use_case": use_case, "days": days}
    request: DelegationRequest = session.call("delegation request", asked)
    payload = base64.b64decode(request.statement)
    said = decode(Delegation, read_statement(payload, DELEGATION)[1], "delegation")
    lasts = said.expires_at - said.signed_at
    if (said.role, said.delegate, said.use_case, lasts.days) != (role, to, use_case, days) or not said.origin:
        msg = f"the control plane sent a statement about something else ({said}): not signed"
        raise PermissionError(msg)
    words = (request.text, _signed_words(said, payload))
    if not (envelope := sign_when_read(session, words, payload, key, yes=yes)):
        return 1
    return show(session.call("delegation submit", {"use_case": use_case, "signature": envelope}), session)


def _signed_words(said: Delegation, payload: bytes) -> str:
    """Say what the statement says, whatever the control plane shows beside it."""
    return "\n".join(
        (
            "",
            f"The statement, {digest(payload)}, says:",
            f"  in       the house {said.origin}",
            f"  who      {said.principal} lends the role {said.role}",
            f"  to       {said.delegate}",
            f"  for      use case {said.use_case}",
            f"  until    {said.expires_at:%Y-%m-%d %H:%M} UTC",
        )
    )
