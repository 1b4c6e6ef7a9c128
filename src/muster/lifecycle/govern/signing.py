"""Signing: approvals and rejections are handed in, held against what the gate would count, and recorded."""

from __future__ import annotations

from dataclasses import replace

from muster.lifecycle.desk.action import action
from muster.lifecycle.desk.asking import Asked, ask, require_heard
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.keeping import locked_until
from muster.lifecycle.desk.reach.cover import lender_lost, require_role_for
from muster.lifecycle.desk.roots import current_root
from muster.lifecycle.govern.drafting import Answer, condition_in, draft, payload_of
from muster.lifecycle.govern.gate import SIGNERS, ask_about
from muster.records.access.alert import Severity, Suspicious
from muster.records.decision import Approval, Decision, Finding, SignedApproval
from muster.records.entry import Basis, Recorded
from muster.records.governance.signoffs import SignedRejection
from muster.records.people import Role
from muster.records.trust import Duty
from muster.rules.envelope import IN_TOTO, envelope_text, read_envelope, seal
from muster.rules.gate.facts import Facts, gather
from muster.rules.gate.people.separation import makers
from muster.rules.gate.people.signoff import objections
from muster.rules.personal import Words, salted
from muster.rules.signing.statements import APPROVAL, REJECTION, claimed


@action("approval submit", roles=SIGNERS)
def submit(context: Context, envelope: str, comment: Words | None = None) -> Decision:
    """Hand in a signed approval or rejection; return the gate's decision with it.

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
    kind, said = claimed(envelope)
    basis = context.basis()
    before = ask(context, said.question)
    if said.platform:
        msg = "the platform signs where it has let somebody in (muster approval give); nobody hands that in"
        raise Suspicious(msg, "approval-forged")
    return _take(context, envelope_text(read_envelope(envelope)), kind, comment, before, basis)


@action("approval give", roles=SIGNERS)
def give(  # noqa: PLR0913, PLR0917 - each is a thing that a signature covers
    context: Context,
    version: str,
    role: Role,
    answer: Answer = Answer.APPROVE,
    comment: str = "",
    conditions: tuple[str, ...] = (),
    environment: str = "production",
    scope: str = "serve",
) -> Decision:
    """Sign a version off, or reject it, without a key of your own: the platform signs, in your name.

    It counts only under policies that say so (`own_keys_only: false`), and only while you have no key.

    Parameters
    ----------
    comment
        What you want to say; it can be erased later.
    conditions
        What your approval depends on, each as `YYYY-MM-DD OWNER: TEXT`.
    """
    basis = context.basis()
    asked = ask_about(context, version, environment, scope)
    _require_platform(context, asked)
    words = salted(comment) if comment else None
    agreed = tuple(condition_in(context, line) for line in conditions)
    said = draft(context, asked, role, answer, agreed, words.commitment if words else "", platform=True)
    pen = context.house.signers[Duty.PLATFORM]
    envelope = envelope_text(seal(IN_TOTO, payload_of(said, answer), [(pen.key, pen.sign)]))
    return _take(context, envelope, REJECTION if answer is Answer.REJECT else APPROVAL, words, asked, basis)


def _take(context: Context, envelope: str, kind: str, comment: Words | None, before: Asked, basis: Basis) -> Decision:
    """Record a sign-off that counts; raise what says why it does not."""
    question, rejects = before.decision.question, kind == REJECTION
    signed = (SignedRejection if rejects else SignedApproval)(question.version, envelope)
    if not rejects:
        _require_measured(before)
    said = _counting(context, signed, before)
    if not said.delegation:
        require_role_for(context, Role(said.role), question.use_case)
    elif lost := _lender_lost(context, said, before):
        raise PermissionError(lost)
    require_heard(context, [before.policy])
    if not rejects:
        _require_newest_seen(said, before)
    context.record(replace(signed, comment=_sealed(context, said, comment)), expect=basis)
    return ask(context, question).decision


def _lender_lost(context: Context, said: Approval, before: Asked) -> str:
    """Say why the role in which somebody signs counts no more, because whoever lent it does not hold it; else empty."""
    (lent,) = (fact.record for fact in before.facts.delegations if fact.digest == said.delegation)
    return lender_lost(context, lent.principal, Role(lent.role), said.question.use_case)


def _counting(context: Context, signed: SignedApproval | SignedRejection, before: Asked) -> Approval:
    """Return the statement inside, if the gate would count it and whoever hands it in has signed it."""
    entry = context.entry(signed)
    alone = [Recorded(-1, entry, entry.to_bytes())]
    new = gather(before.decision.question, alone, current_root(context), context.house.verify)
    found = new.approvals or new.rejections
    reasons = _objections(context, before, new)
    if not found or reasons:
        msg = "; ".join(reasons) or "the envelope holds no approval"
        if new.rejected:
            raise Suspicious(msg, "approval-forged")
        made = makers(before.policy, before.facts) if before.policy.separation_of_duties else {}
        if any(fact.record.approver in made for fact in new.approvals):
            raise Suspicious(msg, "author-signs-off", Severity.WARNING)
        raise PermissionError(msg)
    said = found[0].record
    if not said.origin:
        msg = "the approval does not name this house, so that another could use it: ask for the statement again"
        raise PermissionError(msg)
    if said.approver != context.identity.id:
        msg = f"{context.identity.id} hands in an approval of {said.approver}: approvers hand in their own"
        raise Suspicious(msg, "approval-forged")
    return said


def _objections(context: Context, before: Asked, new: Facts) -> tuple[str, ...]:
    """Return why what was handed in would not count."""
    if new.rejections:
        roles = {wanted.role.value for wanted in before.policy.sign_offs}
        role = new.rejections[0].record.role
        if role not in roles:
            return (f"{before.policy.id} asks for no sign-off of a {role}, so that none can reject: open a finding",)
        return new.rejected
    facts = replace(before.facts, approvals=new.approvals, rejected=new.rejected)
    return objections(before.policy, before.library, facts, context.house.clock())


def _require_platform(context: Context, asked: Asked) -> None:
    """Refuse where the platform may not sign in the name of whoever asks."""
    identity, root = context.identity, current_root(context)
    if identity.local:
        msg = "nobody authenticated you: the platform signs only for people whom a control plane let in (--url)"
        raise PermissionError(msg)
    if identity.responsible:
        msg = f"{identity.id} is a service account: people sign off, and nothing signs in their name"
        raise PermissionError(msg)
    if any(grant.actor == identity.id for grant in root.grants if grant.duty is Duty.APPROVER):
        msg = f"{identity.id} has a key: sign with it (muster sign-off); the platform signs nothing in your name"
        raise PermissionError(msg)
    if asked.policy.own_keys_only:
        msg = (
            f"policy {asked.policy.id!r} counts only sign-offs with keys of their own: make one (muster key new), hand "
            "it in (muster key offer), and sign with it once it is granted (muster sign-off)"
        )
        raise PermissionError(msg)
    if Duty.PLATFORM not in context.house.signers or not root.keys(Duty.PLATFORM):
        msg = (
            "this house has no key for signing in people's names. Make one where the control plane keeps its keys "
            "(muster key new keys/platform.pem --duty platform), and let the holders of the root keys grant it "
            "(muster key show keys/platform.pem --duty platform --json > platform.json; muster trust enrol "
            "platform.json)"
        )
        raise PermissionError(msg)


def _require_measured(before: Asked) -> None:
    """Refuse a signature while something that the policy demands has not been measured."""
    missing = [reason.demand for reason in before.decision.reasons if reason.finding is Finding.MISSING]
    if blind := [demand for demand in missing if not demand.startswith("sign-off:")]:
        msg = f"there is nothing to sign off yet: {', '.join(blind)} is missing. Sign once it is measured"
        raise PermissionError(msg)


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
