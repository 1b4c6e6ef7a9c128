"""Govern: the gate is asked, people sign off, waivers are granted."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from datetime import timedelta

from muster.lifecycle.desk.action import action, view
from muster.lifecycle.desk.asking import Asked, ask, find_version, library_of, policy_for, require_heard
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.keeping import locked_until
from muster.lifecycle.desk.people import require_known
from muster.lifecycle.desk.reach.cover import require_role_for
from muster.lifecycle.desk.roots import current_root
from muster.records.access.alert import Severity, Suspicious
from muster.records.canonical import digest
from muster.records.codec import decode
from muster.records.decision import Approval, Decision, Finding, Question, SignedApproval, Waiver
from muster.records.entry import Recorded
from muster.records.people import Role
from muster.records.purpose import UseCase
from muster.rules.envelope import envelope_text, read_envelope, read_statement, statement
from muster.rules.gate.decide import record_digest
from muster.rules.gate.facts import APPROVAL, gather
from muster.rules.gate.measured import demands_of
from muster.rules.gate.people.signoff import objections
from muster.rules.personal import Words

SIGNERS = (Role.RISK_ANALYST, Role.VALIDATOR, Role.OWNER, Role.EXECUTIVE)


@dataclass(frozen=True, slots=True)
class ApprovalRequest:
    """What an approver is asked to sign: a text to read, and the statement (base64) that the signature is over."""

    text: str
    statement: str
    digest: str


@view("gate ask")
def gate_ask(context: Context, version: str, environment: str = "production", scope: str = "serve") -> Decision:
    """Ask whether a version may serve: a verdict, and a reason for every demand of the policy. Changes nothing."""
    return _asked(context, version, environment, scope).decision


@action("gate decide", roles=(Role.ML_ENGINEER, Role.VALIDATOR, Role.RISK_ANALYST, Role.OPERATOR))
def gate_decide(context: Context, version: str, environment: str = "production", scope: str = "serve") -> Decision:
    """Ask the gate, and record its decision with all reasons in the ledger."""
    question = _question(context, version, environment, scope)
    basis = context.basis()
    decision = ask(context, question).decision
    context.record(decision, expect=basis)
    return decision


@view("approval request", roles=SIGNERS)
def request(
    context: Context,
    version: str,
    role: Role,
    environment: str = "production",
    scope: str = "serve",
    comment_digest: str = "",
) -> ApprovalRequest:
    """Show what signing off a version would mean, and the statement to sign; `muster sign-off` signs it.

    Parameters
    ----------
    comment_digest
        Digest that stands for a comment, which is handed in with the signature.
    """
    asked = _asked(context, version, environment, scope)
    require_role_for(context, role, asked.decision.question.use_case)
    approval = Approval(
        question=asked.decision.question,
        approver=context.identity.id,
        role=role.value,
        policy=record_digest(asked.policy),
        evidence=tuple(sorted(fact.digest for fact in asked.facts.evidence)),
        comment_digest=comment_digest,
        signed_at=context.house.clock(),
        library=record_digest(asked.library),
        origin=current_root(context).origin,
    )
    payload = statement({"model-version": approval.question.version}, APPROVAL, approval)
    return ApprovalRequest(_readable(asked, approval), base64.b64encode(payload).decode(), digest(payload))


@action("approval submit", roles=SIGNERS)
def submit(context: Context, envelope: str, comment: Words | None = None) -> Decision:
    """Hand in a signed approval; return the gate's decision with it.

    Parameters
    ----------
    envelope
        JSON text of the DSSE envelope, signed with the approver's own key.
    comment
        What the approver wrote, with its salt; the signed statement holds only its digest.

    Raises
    ------
    Suspicious, PermissionError
        If it would not count: a key that the trust root does not grant, an author, another policy; or if it was signed
        before everything that the gate rests on was measured and seen.
    """
    payload = base64.b64decode(read_envelope(envelope).payload)
    question = _question_in(payload)
    basis = context.basis()
    signed = SignedApproval(question.version, envelope_text(read_envelope(envelope)))
    before = ask(context, question)
    _require_measured(before)
    approval = _counting(context, signed, before)
    require_role_for(context, Role(approval.role), question.use_case)
    require_heard(context, [before.policy])
    _require_newest_seen(approval, before)
    context.record(replace(signed, comment=_sealed(context, approval, comment)), expect=basis)
    return ask(context, question).decision


@action("waiver grant", roles=(Role.RISK_ANALYST,))
def grant_waiver(  # noqa: PLR0913, PLR0917 - each is a thing that a waiver must say
    context: Context,
    version: str,
    control: str,
    reason: str,
    compensating_control: str,
    days: int,
    requested_by: str,
    environment: str = "production",
) -> Waiver:
    """Let one version pass one control until a date, with something done instead; a second person must have asked.

    Parameters
    ----------
    days
        How long it lasts from now; there is no waiver without an end.
    requested_by
        Id of the actor who asked for it: another person than the one who grants; neither is an author of the version.
    """
    if requested_by == context.identity.id:
        msg = f"{requested_by} cannot grant a waiver to themself: a second person must"
        raise PermissionError(msg)
    if require_known(context.house.ledger, requested_by).responsible:
        msg = f"{requested_by} is a service account: a person asks for a waiver"
        raise PermissionError(msg)
    if not 0 < days <= 365:
        msg = f"a waiver lasts 1 to 365 days, not {days}"
        raise ValueError(msg)
    if not reason.strip() or not compensating_control.strip():
        msg = "a waiver says why it is needed and what is done instead: give a reason and a compensating control"
        raise ValueError(msg)
    found = find_version(context, version)
    _require_waivable(context, found.use_case, control, environment)
    _require_no_author(context, found.digest, environment, {requested_by, context.identity.id})
    expires = context.house.clock() + timedelta(days=days)
    waiver = Waiver(found.digest, control, environment, reason, compensating_control, expires, requested_by)
    context.record(waiver)
    return waiver


def _require_no_author(context: Context, version: str, environment: str, people: set[str]) -> None:
    """Refuse a waiver that the gate would not count: nobody excuses their own work."""
    if authors := people & _asked(context, version, environment, "serve").facts.authors:
        msg = f"{min(authors)} is an author of version {version}: one other person asks for a waiver, another grants it"
        raise PermissionError(msg)


def _asked(context: Context, version: str, environment: str, scope: str) -> Asked:
    context.house.ledger.refresh()
    return ask(context, _question(context, version, environment, scope))


def _question(context: Context, version: str, environment: str, scope: str) -> Question:
    found = find_version(context, version)
    return Question(found.digest, found.use_case, environment, scope)


def _question_in(payload: bytes) -> Question:
    return decode(Approval, read_statement(payload, APPROVAL)[1], "approval").question


def _counting(context: Context, signed: SignedApproval, before: Asked) -> Approval:
    """Return the approval inside, if the gate would count it and whoever hands it in has signed it."""
    entry = context.entry(signed)
    alone = [Recorded(-1, entry, entry.to_bytes())]
    new = gather(before.decision.question, alone, current_root(context), context.house.verify)
    facts = replace(before.facts, approvals=new.approvals, rejected=new.rejected)
    reasons = objections(before.policy, before.library, facts, context.house.clock())
    if not new.approvals or reasons:
        msg = "; ".join(reasons) or "the envelope holds no approval"
        if new.rejected:
            raise Suspicious(msg, "approval-forged")
        if any(fact.record.approver in facts.authors for fact in new.approvals):
            raise Suspicious(msg, "author-signs-off", Severity.WARNING)
        raise PermissionError(msg)
    approval = new.approvals[0].record
    if not approval.origin:
        msg = "the approval does not name this house, so that another could use it: ask for the statement again"
        raise PermissionError(msg)
    if approval.approver != context.identity.id:
        msg = f"{context.identity.id} hands in an approval of {approval.approver}: approvers hand in their own"
        raise Suspicious(msg, "approval-forged")
    return approval


def _require_measured(before: Asked) -> None:
    """Refuse a signature while something that the policy demands has not been measured."""
    missing = [reason.demand for reason in before.decision.reasons if reason.finding is Finding.MISSING]
    if blind := [demand for demand in missing if not demand.startswith("sign-off:")]:
        msg = f"there is nothing to sign off yet: {', '.join(blind)} is missing. Sign once it is measured"
        raise PermissionError(msg)


def _sealed(context: Context, approval: Approval, comment: Words | None) -> str:
    """Keep a comment where it can be erased; return the digest of the sealed bytes, or nothing if there is none."""
    if (comment.commitment if comment else "") != approval.comment_digest:
        what = "another comment than was handed in" if comment else "a comment that was not handed in"
        msg = f"the statement that {approval.approver} signed is about {what}: sign it off again"
        raise PermissionError(msg)
    if comment is None:
        return ""
    locked = locked_until(context, "comments")
    return context.house.vault.seal(f"actor:{approval.approver}", comment.to_bytes(), locked)


def _require_newest_seen(approval: Approval, before: Asked) -> None:
    """Refuse a signature given before the evidence that the gate rests on now."""
    spoke = {name for reason in before.decision.reasons for name in reason.evidence}
    unseen = spoke & {fact.digest for fact in before.facts.evidence} - set(approval.evidence)
    if unseen:
        msg = (
            f"{approval.approver} signed without {len(unseen)} pieces of evidence that came since and that the gate "
            "rests on: read what it finds now, and sign that (muster sign-off)"
        )
        raise PermissionError(msg)


def _require_waivable(context: Context, use_case: str, control: str, environment: str) -> None:
    policy, _ = policy_for(context, context.latest(UseCase, f"use-case:{use_case}"), environment)
    library, _ = library_of(context, policy)
    demanded = {requirement.control: library.control(requirement.control) for requirement in demands_of(policy)}
    if control not in demanded:
        msg = f"policy {policy.id!r} does not demand control {control!r}; it demands {', '.join(demanded)}"
        raise LookupError(msg)
    found = demanded[control]
    if found is not None and not found.waivable:
        msg = f"control {control!r} is not waivable: {found.statement}"
        raise PermissionError(msg)


def _readable(asked: Asked, approval: Approval) -> str:
    question = approval.question
    lines = [
        f"I, {approval.approver}, as {approval.role}, approve that model version {question.version}",
        f"may {question.scope} use case {question.use_case} in {question.environment}",
        f"under policy {asked.policy.id} ({approval.policy}).",
        "",
        "What the gate found:",
    ]
    lines += [f"  {reason.finding.value:20} {reason.demand}: {reason.explanation}" for reason in asked.decision.reasons]
    lines += ["", f"I have seen {len(approval.evidence)} pieces of evidence, named in the statement by digest."]
    return "\n".join(lines)
