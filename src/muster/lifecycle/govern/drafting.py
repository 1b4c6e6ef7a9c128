"""Drafting: what somebody is asked to sign, as a text to read and as the statement that the signature is over."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum

from muster.lifecycle.desk.action import view
from muster.lifecycle.desk.asking import Asked
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.people import require_known
from muster.lifecycle.desk.reach.cover import lender_lost, require_role_for
from muster.lifecycle.desk.roots import current_root
from muster.lifecycle.govern.gate import SIGNERS, ask_about
from muster.records.canonical import digest
from muster.records.decision import Approval, Condition
from muster.records.governance.signoffs import Delegation
from muster.records.people import Role
from muster.rules.envelope import statement
from muster.rules.gate.decide import record_digest
from muster.rules.gate.facts import Fact
from muster.rules.signing.statements import APPROVAL, REJECTION, holders

LONGEST = 500
"""Characters of a condition."""


class Answer(StrEnum):
    """What somebody signs about a version."""

    APPROVE = "approve"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class ApprovalRequest:
    """What an approver is asked to sign: a text to read, and the statement (base64) that the signature is over."""

    text: str
    statement: str
    digest: str


@view("approval request", roles=SIGNERS)
def request(  # noqa: PLR0913, PLR0917 - each is a thing that a signature covers
    context: Context,
    version: str,
    role: Role,
    environment: str = "production",
    scope: str = "serve",
    comment_digest: str = "",
    answer: Answer = Answer.APPROVE,
    conditions: tuple[str, ...] = (),
) -> ApprovalRequest:
    """Show what signing off a version would mean, and the statement to sign; `muster sign-off` signs it.

    Parameters
    ----------
    role
        Role that you sign in: your own, or one that somebody lent you for the use case.
    comment_digest
        Digest that stands for a comment, which is handed in with the signature.
    answer
        A rejection stands until you withdraw it, or approve.
    conditions
        What your approval depends on, each as `YYYY-MM-DD OWNER: TEXT`; after that day it counts no more, unless you
        have said that the condition is met. They are signed and stay in the ledger: no personal data.
    """
    asked = ask_about(context, version, environment, scope)
    agreed = tuple(condition_in(context, line) for line in conditions)
    approval = draft(context, asked, role, answer, agreed, comment_digest)
    payload = payload_of(approval, answer)
    return ApprovalRequest(_readable(asked, approval, answer), base64.b64encode(payload).decode(), digest(payload))


def draft(
    context: Context,
    asked: Asked,
    role: Role,
    answer: Answer,
    conditions: tuple[Condition, ...],
    comment_digest: str,
    *,
    platform: bool = False,
) -> Approval:
    """Return what somebody would sign about what the gate was asked; raise PermissionError if they may not."""
    if answer is Answer.REJECT and conditions:
        msg = "a rejection has no conditions: say in the comment what would change your mind"
        raise ValueError(msg)
    question = asked.decision.question
    lent = None if platform else loan_for(context, asked, role)
    if lent is None:
        require_role_for(context, role, question.use_case)
    return Approval(
        question=question,
        approver=context.identity.id,
        role=role.value,
        policy=record_digest(asked.policy),
        evidence=tuple(sorted(fact.digest for fact in asked.facts.evidence)),
        comment_digest=comment_digest,
        signed_at=context.house.clock(),
        library=record_digest(asked.library),
        origin=current_root(context).origin,
        conditions=conditions,
        delegation="" if lent is None else lent.digest,
        platform=platform,
    )


def payload_of(approval: Approval, answer: Answer) -> bytes:
    """Return the statement that is signed."""
    kind = REJECTION if answer is Answer.REJECT else APPROVAL
    return statement({"model-version": approval.question.version}, kind, approval)


def loan_for(context: Context, asked: Asked, role: Role) -> Fact[Delegation] | None:
    """Return the delegation by which the actor signs in a role that no key of their own has; the newest in force."""
    me, now, facts, use_case = context.identity.id, context.house.clock(), asked.facts, asked.decision.question.use_case
    try:
        holders(current_root(context), me, role.value, use_case)
    except PermissionError:
        ended = {end.record.delegation for end in facts.delegation_ends}
        lent = [
            fact
            for fact in facts.delegations
            if (fact.record.delegate, fact.record.role) == (me, role.value)
            and fact.digest not in ended
            and now < fact.record.expires_at
            and not lender_lost(context, fact.record.principal, role, use_case)
        ]
        return max(lent, key=lambda fact: fact.record.expires_at, default=None)
    return None


def condition_in(context: Context, line: str) -> Condition:
    """Read a condition; raise ValueError saying how one is written, LookupError where nobody has such an id."""
    day, _, rest = line.strip().partition(" ")
    owner, colon, text = rest.partition(":")
    try:
        due = datetime.combine(date.fromisoformat(day), time(23, 59, 59), UTC)
    except ValueError:
        colon, due = "", context.house.clock()
    if not colon or not owner.strip() or not 0 < len(text.strip()) <= LONGEST:
        msg = f"condition {line!r}: write it as YYYY-MM-DD OWNER: TEXT, such as 2026-12-31 omar: refresh the data"
        raise ValueError(msg)
    if due <= context.house.clock():
        msg = f"condition {line!r} would be overdue at once: name a day to come"
        raise ValueError(msg)
    return Condition(text.strip(), require_known(context.house.ledger, owner.strip()).id, due)


def _readable(asked: Asked, approval: Approval, answer: Answer) -> str:
    question = approval.question
    verb = "approve" if answer is Answer.APPROVE else "reject"
    lines = [
        f"I, {approval.approver}, as {approval.role}, {verb} that model version {question.version}",
        f"may {question.scope} use case {question.use_case} in {question.environment}",
        f"under policy {asked.policy.id} ({approval.policy}).",
    ]
    lent = next((fact.record for fact in asked.facts.delegations if fact.digest == approval.delegation), None)
    if lent is not None:
        lines += [f"{lent.principal} lent me the role until {lent.expires_at:%Y-%m-%d %H:%M} UTC."]
    lines += [f"On condition, by {each.due:%Y-%m-%d}, that {each.owner}: {each.text}" for each in approval.conditions]
    lines += ["", "What the gate found:"]
    lines += [f"  {reason.finding.value:20} {reason.demand}: {reason.explanation}" for reason in asked.decision.reasons]
    lines += ["", f"I have seen {len(approval.evidence)} pieces of evidence, named in the statement by digest."]
    return "\n".join(lines)
