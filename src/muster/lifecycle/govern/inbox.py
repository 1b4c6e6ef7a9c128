"""Inbox: sign-offs are asked for, each sees what waits for them and whether they may sign, and all that was signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from muster.lifecycle.desk.action import action, view
from muster.lifecycle.desk.asking import Asked, ask
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.people import require_known
from muster.lifecycle.desk.reach.cover import require_role_for
from muster.lifecycle.desk.roots import current_root
from muster.lifecycle.govern.drafting import loan_for
from muster.lifecycle.govern.gate import ask_about
from muster.records.decision import SETTLED, Approval, Finding
from muster.records.entry import Recorded
from muster.records.governance.signoffs import AskedApproval
from muster.records.people import Role
from muster.records.trust import Duty
from muster.rules.gate.facts import Fact
from muster.rules.gate.people.counting import Counted, count, open_conditions
from muster.rules.gate.people.separation import hand_in, makers
from muster.rules.signing.statements import holders

LONGEST_WAIT = 365


@dataclass(frozen=True, slots=True)
class Waiting:
    """A sign-off that waits for one of your roles."""

    version: str
    use_case: str
    environment: str
    scope: str
    role: str
    asked_by: str
    asked_of: str
    """Id of the one who is asked; empty: any holder of the role."""
    since: datetime
    until: datetime
    late: bool
    """Whether an answer was wished for sooner. Time alone approves nothing."""
    verdict: str
    """What the gate says now."""
    open_demands: tuple[str, ...]
    may_sign: bool
    why_not: str
    """Why you may not sign it; empty if you may."""


@dataclass(frozen=True, slots=True)
class SignOffLine:
    """A sign-off as it stands now."""

    entry: str
    """Digest of its ledger entry."""
    approver: str
    role: str
    lent_by: str
    """Who lent the role; empty where it is the approver's own."""
    answer: str
    """``approved`` or ``rejected``."""
    signed_with: str
    """``own key``, or ``platform`` where that signed in the approver's name."""
    at: datetime
    state: str
    """``counts``, ``stands`` (a rejection), or why it does not."""
    conditions: tuple[str, ...]
    """Those that are open."""


@action("approval ask", roles=(Role.ML_ENGINEER, Role.OWNER, Role.RISK_ANALYST))
def ask_for(
    context: Context,
    version: str,
    role: Role,
    of: str = "",
    days: int = 7,
    environment: str = "production",
    scope: str = "serve",
) -> AskedApproval:
    """Ask that a version be signed off; it shows in the inbox of those who may (`muster approval inbox`).

    Parameters
    ----------
    of
        Id of one person, if it is not for any holder of the role.
    days
        How soon an answer is wished for. When they are over, nothing is approved by that.
    """
    asked = ask_about(context, version, environment, scope)
    wanted = {each.role for each in asked.policy.sign_offs}
    if role not in wanted:
        named = ", ".join(sorted(wanted)) or "nobody"
        msg = f"policy {asked.policy.id!r} asks for no sign-off of a {role.value}; it asks {named}"
        raise ValueError(msg)
    if not 0 < days <= LONGEST_WAIT:
        msg = f"ask for an answer within 1 to {LONGEST_WAIT} days, not {days}"
        raise ValueError(msg)
    if of and require_known(context.house.ledger, of).responsible:
        msg = f"{of} is a service account: people sign off"
        raise ValueError(msg)
    until = context.house.clock() + timedelta(days=days)
    record = AskedApproval(asked.decision.question, role.value, until, of)
    context.record(record)
    return record


@view("approval inbox")
def inbox(context: Context, role: Role | None = None) -> tuple[Waiting, ...]:
    """Show which sign-offs wait for you: since when, what the gate finds, and whether you may sign, or why not.

    Parameters
    ----------
    role
        Only what waits for this role.
    """
    context.house.ledger.refresh()
    newest = {(each.question, each.role, each.asked_of): (at, each) for at, each in context.history(AskedApproval)}
    found = (_waiting(context, at, each) for at, each in newest.values() if role is None or each.role == role.value)
    return tuple(line for line in found if line is not None)


@view("approval show")
def listed(
    context: Context, version: str, environment: str = "production", scope: str = "serve"
) -> tuple[SignOffLine, ...]:
    """List all sign-offs and rejections of a version: by whom, with which kind of key, and whether each counts now."""
    asked = ask_about(context, version, environment, scope)
    facts = asked.facts
    counted = count(asked.policy, asked.library, facts, context.house.clock())
    both = [(fact, "approved") for fact in facts.approvals] + [(fact, "rejected") for fact in facts.rejections]
    return tuple(
        _line(asked, counted, fact, answer) for fact, answer in sorted(both, key=lambda pair: (pair[0].at, pair[1]))
    )


def why_not(context: Context, asked: Asked, role: Role) -> str:
    """Say why the actor may not sign a version off in a role now; empty where they may."""
    identity, question = context.identity, asked.decision.question
    if identity.responsible:
        return f"you are a service account of {identity.responsible}: people sign off"
    made = makers(asked.policy, asked.facts) if asked.policy.separation_of_duties else {}
    if identity.id in made:
        return f"{hand_in(identity.id, made)}: somebody else must"
    counted = count(asked.policy, asked.library, asked.facts, context.house.clock())
    if any(each.fact.record.approver == identity.id and each.fact.record.role == role for each in counted.signatures):
        return "you have signed; another person must"
    missing = [r.demand for r in asked.decision.reasons if r.finding is Finding.MISSING and ":" not in r.demand]
    if missing:
        return f"{', '.join(missing)} is not measured yet"
    if loan_for(context, asked, role) is not None:
        return ""
    return _without_key(context, asked, role, question.use_case)


def _without_key(context: Context, asked: Asked, role: Role, use_case: str) -> str:
    """Say why the actor has nothing to sign with; empty where they have."""
    root, me = current_root(context), context.identity.id
    try:
        holders(root, me, role.value, use_case)
    except PermissionError as error:
        has_key = any(grant.actor == me for grant in root.grants if grant.duty is Duty.APPROVER)
        if not has_key and not asked.policy.own_keys_only and root.keys(Duty.PLATFORM):
            return ""
        return str(error) if has_key else "you have no key yet: muster key new, muster key offer"
    return ""


def _waiting(context: Context, recorded: Recorded, each: AskedApproval) -> Waiting | None:
    """Return a line about a sign-off that was asked for, if it is still open and the actor's to give."""
    question, now, role = each.question, context.house.clock(), Role(each.role)
    try:
        asked = ask(context, question)
    except LookupError:  # no one policy: it cannot be signed off now
        return None
    if not _mine(context, asked, each, role):
        return None
    demand = f"sign-off:{each.role}"
    reason = next((reason for reason in asked.decision.reasons if reason.demand == demand), None)
    if reason is None or reason.finding is Finding.MET:
        return None
    still = tuple(reason.demand for reason in asked.decision.reasons if reason.finding not in SETTLED)
    why = why_not(context, asked, role)
    return Waiting(
        version=question.version,
        use_case=question.use_case,
        environment=question.environment,
        scope=question.scope,
        role=each.role,
        asked_by=recorded.entry.person,
        asked_of=each.asked_of,
        since=recorded.entry.at,
        until=each.until,
        late=now >= each.until,
        verdict=asked.decision.verdict.value,
        open_demands=still,
        may_sign=not why,
        why_not=why,
    )


def _mine(context: Context, asked: Asked, each: AskedApproval, role: Role) -> bool:
    if each.asked_of not in ("", context.identity.id):
        return False
    try:
        require_role_for(context, role, each.question.use_case)
    except PermissionError:
        return each.asked_of == context.identity.id or loan_for(context, asked, role) is not None
    return True


def _line(asked: Asked, counted: Counted, fact: Fact[Approval], answer: str) -> SignOffLine:
    said = fact.record
    lent = {each.digest: each.record.principal for each in asked.facts.delegations}
    if answer == "rejected":
        state = "stands" if fact in counted.rejections else "withdrawn, or followed by an approval"
    elif any(each.fact is fact for each in counted.signatures):
        state = "counts"
    else:
        state = counted.refused.get(fact.digest, "something else by the same person takes its place")
    open_ones = (f"{each.owner}, by {each.due:%Y-%m-%d}: {each.text}" for each in open_conditions(fact, asked.facts))
    signed_with = "platform" if said.platform else "own key"
    lender = lent.get(said.delegation, "")
    return SignOffLine(
        fact.digest, said.approver, said.role, lender, answer, signed_with, fact.at, state, tuple(open_ones)
    )
