"""Propose: a policy is drafted by one person, signed by others with their own keys, and then is in force."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from muster.lifecycle.desk.action import action, view
from muster.lifecycle.desk.asking import library_of, one_of, require_heard
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.reach.cover import require_role_everywhere
from muster.lifecycle.desk.roots import current_root
from muster.records.adoption.policies import PolicyApproval, ProposedPolicy, SignedPolicy
from muster.records.canonical import digest
from muster.records.codec import decode
from muster.records.decision import Finding, Question, Reason
from muster.records.entry import Recorded
from muster.records.people import Role
from muster.records.policy import Policy
from muster.rules.envelope import envelope_text, read_envelope, read_statement, statement
from muster.rules.gate.adopted import POLICY_APPROVAL, policy_approval
from muster.rules.gate.decide import adopted, record_digest
from muster.rules.gate.facts import Facts, gather
from muster.rules.gate.sense import unadoptable
from muster.rules.policies.words import in_words

SIGNERS = (Role.RISK_ANALYST, Role.VALIDATOR, Role.OWNER, Role.EXECUTIVE)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed policy, who proposed it, and who has signed it so far."""

    policy: str
    digest: str
    proposed_by: str
    replaces: str
    """Digest of the policy of its id that is in force; empty where there is none."""
    state: str
    """``open``, ``in-force``, or ``replaced`` by a later one."""
    signed: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PolicyRequest:
    """What a signer is asked to sign: a text to read, and the statement (base64) that the signature is over."""

    text: str
    statement: str
    digest: str


@action("policy propose", roles=(Role.RISK_ANALYST,))
def propose(context: Context, policy: Policy) -> Proposal:
    """Propose a policy: it comes into force once the people have signed it whom the trust root names for that.

    Parameters
    ----------
    policy
        The draft; it would take the place of the policy of its id.

    Raises
    ------
    ValueError
        If it could not come into force, or nobody need sign policies here.
    """
    basis = context.basis(f"library:{policy.library}", policy.subject)
    if not current_root(context).policy_sign_offs:
        msg = (
            "nobody need sign policies here: adopt it (muster policy adopt), or let the holders of the root keys say "
            "who must (muster trust draft --policy-signers)"
        )
        raise ValueError(msg)
    library, _ = library_of(context, policy)
    if problem := unadoptable(policy, library):
        msg = f"policy {policy.id!r}: {problem}"
        raise ValueError(msg)
    require_heard(context, (held for _, held in context.history(Policy, policy.subject)))
    (recorded,) = context.record(ProposedPolicy(policy), expect=basis)
    return _proposal(context, recorded, policy)


@view("policy proposals")
def proposals(context: Context) -> tuple[Proposal, ...]:
    """List the policies that were proposed: who signed each, and who is waited for."""
    context.house.ledger.refresh()
    found = {record_digest(held.policy): (recorded, held.policy) for recorded, held in context.history(ProposedPolicy)}
    return tuple(_proposal(context, recorded, policy) for recorded, policy in found.values())


@view("policy request", roles=SIGNERS)
def request(context: Context, digest_of: str, role: Role) -> PolicyRequest:
    """Show what signing a proposed policy would mean, and the statement to sign; `muster policy sign` signs it.

    Parameters
    ----------
    digest_of
        Digest of the proposed policy, or its beginning, as `muster policy proposals` shows it.
    """
    context.house.ledger.refresh()
    require_role_everywhere(context, role)
    recorded, policy = _open(context, digest_of)
    proposal = _proposal(context, recorded, policy)
    approval = PolicyApproval(
        policy=proposal.digest,
        name=policy.id,
        replaces=proposal.replaces,
        approver=context.identity.id,
        role=role.value,
        proposed_by=proposal.proposed_by,
        signed_at=context.house.clock(),
        origin=current_root(context).origin,
    )
    payload = statement({"policy": approval.policy}, POLICY_APPROVAL, approval)
    library, _ = library_of(context, policy)
    said = [f"  {line}" for _, line in in_words(policy, library)]
    text = "\n".join((f"Policy {policy.id} ({proposal.digest}), proposed by {proposal.proposed_by}, says:", *said))
    return PolicyRequest(text, base64.b64encode(payload).decode(), digest(payload))


@action("policy submit", roles=SIGNERS)
def submit(context: Context, signature: str) -> Proposal:
    """Hand in a signed approval of a policy; with the last one that is needed the policy comes into force.

    Parameters
    ----------
    signature
        JSON text of the DSSE envelope, signed with the approver's own key.

    Raises
    ------
    PermissionError
        If it would not count: a key that the trust root does not grant, the one who proposed it, a policy that has been
        replaced since.
    """
    payload = base64.b64decode(read_envelope(signature).payload)
    claimed = decode(PolicyApproval, read_statement(payload, POLICY_APPROVAL)[1], "policy approval")
    basis = context.basis(f"policy:{claimed.name}", "trust-root")
    recorded, policy = _open(context, claimed.policy)
    signed = SignedPolicy(policy.id, claimed.policy, envelope_text(read_envelope(signature)))
    approval = policy_approval(signed, current_root(context), context.house.verify)
    before = _proposal(context, recorded, policy)
    _require_same(context, approval, before)
    require_role_everywhere(context, Role(approval.role))
    require_heard(context, (held for _, held in context.history(Policy, policy.subject)))
    entry = context.entry(signed)
    with_it = _missing(context, policy, Recorded(-1, entry, entry.to_bytes()))
    context.record(*((signed,) if with_it else (signed, policy)), expect=basis)
    return _proposal(context, recorded, policy)


def _require_same(context: Context, approval: PolicyApproval, before: Proposal) -> None:
    if approval.approver != context.identity.id:
        msg = f"{context.identity.id} hands in an approval of {approval.approver}: approvers hand in their own"
        raise PermissionError(msg)
    if approval.replaces != before.replaces:
        msg = f"policy {approval.name!r} was replaced since {approval.approver} signed: read what it is now, sign again"
        raise PermissionError(msg)
    if approval.proposed_by != before.proposed_by:
        msg = f"the statement says that {approval.proposed_by} proposed it, but {before.proposed_by} did: sign again"
        raise PermissionError(msg)


def _open(context: Context, wanted: str) -> tuple[Recorded, Policy]:
    """Return the newest proposal of a policy that is not in force yet; raise LookupError or PermissionError."""
    found = {record_digest(held.policy): (recorded, held.policy) for recorded, held in context.history(ProposedPolicy)}
    recorded, policy = one_of(found, wanted, "proposed policy", "muster policy proposals")
    proposal = _proposal(context, recorded, policy)
    if proposal.state != "open":
        msg = (
            f"policy {policy.id!r} as proposed ({proposal.digest}) is {proposal.state}: propose it again to change that"
        )
        raise PermissionError(msg)
    return recorded, policy


def _proposal(context: Context, recorded: Recorded, policy: Policy) -> Proposal:
    named = record_digest(policy)
    history = context.history(Policy, policy.subject)
    in_force = record_digest(history[-1][1]) if history else ""
    since = any(entry.seq > recorded.seq for entry, _ in history)
    reasons = _seats(context, policy)
    state = "in-force" if in_force == named and since else "replaced" if since else "open"
    signed = tuple(reason.explanation for reason in reasons if reason.finding is Finding.MET)
    missing = tuple(reason.explanation for reason in reasons if reason.finding is not Finding.MET)
    return Proposal(policy.id, named, recorded.entry.person, in_force, state, signed, missing)


def _missing(context: Context, policy: Policy, more: Recorded) -> bool:
    return any(reason.finding is not Finding.MET for reason in _seats(context, policy, more))


def _seats(context: Context, policy: Policy, *more: Recorded) -> tuple[Reason, ...]:
    """Return how it stands with each role that must sign a policy.

    Of one that is not in force, only signatures count that were given since another came into force, to take its place:
    one that was in force before, and is proposed again, is signed again by all.
    """
    history = context.history(Policy, policy.subject)
    in_force, since = (record_digest(history[-1][1]), history[-1][0].seq) if history else ("", -1)
    signed = tuple(context.house.ledger.read(subject=policy.subject, kind="policy.signed"))
    named = record_digest(policy)
    kept = signed if in_force == named else tuple(each for each in signed if each.seq > since)
    facts = gather(Question("", "", policy.environment), (*kept, *more), current_root(context), context.house.verify)
    if in_force == named:
        return tuple(adopted(policy, facts))
    replacing = tuple(fact for fact in facts.policy_approvals if fact.record.replaces == in_force)
    return tuple(adopted(policy, Facts(policy_approvals=replacing, policy_seats=facts.policy_seats)))
