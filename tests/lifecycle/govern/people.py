"""What tests of sign-offs ask for: to sign, to lend, and to be let in by a control plane."""

from __future__ import annotations

import base64
from typing import Any

from tests.walk import USE_CASE, Walked

from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.people import identify
from muster.lifecycle.desk.perform import perform
from muster.records.codec import encode
from muster.records.people import Role
from muster.records.trust import Duty, KeyGrant
from muster.rules.personal import salted
from muster.wiring.keyring import new_key
from muster.wiring.signing import grant_key, sign_statement


def sign(walked: Walked, actor: str, **asked: Any) -> Any:
    """Sign a version off, or reject it, as `muster sign-off` does; a comment is handed in with it."""
    words = salted(asked.pop("comment")) if "comment" in asked else None
    asked = {"version": walked.version, "role": "risk-analyst", **asked}
    asked |= {"comment_digest": words.commitment} if words else {}
    request = walked.do(actor, "approval request", **asked)
    envelope = sign_statement(base64.b64decode(request.statement), walked.key(actor))
    more = {"comment": encode(words)} if words else {}
    return walked.do(actor, "approval submit", envelope=envelope, **more)


def lend(walked: Walked, by: str, to: str, days: int = 7, use_case: str = USE_CASE) -> Any:
    """Lend a role as `muster approval delegate` does."""
    asked = {"role": "risk-analyst", "to": to, "use_case": use_case, "days": days}
    return submit_loan(walked, by, walked.do(by, "delegation request", **asked), use_case)


def submit_loan(walked: Walked, by: str, request: Any, use_case: str = USE_CASE) -> Any:
    envelope = sign_statement(base64.b64decode(request.statement), walked.key(by))
    return walked.do(by, "delegation submit", use_case=use_case, signature=envelope)


def let_in(walked: Walked, actor: str, *roles: Role, key: bool = True) -> None:
    """Let a person in with roles, and a key for them."""
    walked.add(actor, *roles)
    if not key:
        return
    public = new_key(walked.key(actor), Duty.APPROVER, actor).public
    walked.hand_in(actor)
    grant = KeyGrant(Duty.APPROVER, public, actor, roles)
    walked.publish(grant_key(walked.do("admin", "trust show").current, grant, walked.home / "keys" / "root.pem"))


def served(walked: Walked, actor: str) -> Context:
    """Return the context of somebody whom a control plane let in by their token."""
    house = walked.house
    return Context(house, identify(house.ledger, walked.tokens[actor], walked.clock()), lambda _: None)


def by_token(walked: Walked, actor: str, action: str, **arguments: Any) -> Any:
    """Do something as somebody whom a control plane let in."""
    return perform(action, served(walked, actor), arguments)
