"""Taking back: people withdraw what they signed, and say when what their approval depends on is done."""

from __future__ import annotations

from dataclasses import dataclass

from muster.lifecycle.desk.action import action
from muster.lifecycle.desk.asking import Asked, ask, one_of, require_heard
from muster.lifecycle.desk.context import Context
from muster.lifecycle.govern.gate import SIGNERS, ask_about, question_about
from muster.records.decision import Approval, Decision
from muster.records.governance.signoffs import MetCondition, WithdrawnSignOff
from muster.rules.gate.facts import Fact
from muster.rules.gate.people.counting import open_conditions


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What was taken back, and what follows."""

    sign_offs: tuple[str, ...]
    """Digests of the ledger entries that count no more."""
    decision: Decision
    """What the gate says now."""
    releases: tuple[str, ...]
    """Packages that rest on them and do not stand any more: orders that are issued from now on leave them out."""


@action("approval withdraw", roles=SIGNERS)
def withdraw(
    context: Context, version: str, reason: str, environment: str = "production", scope: str = "serve"
) -> Withdrawn:
    """Take back your own sign-off, or rejection, of a version: from now on the gate does not count it.

    Releases that rest on it lapse at once; gateways hear of it with the next orders (`muster orders issue`).

    Parameters
    ----------
    reason
        Why; it stays in the ledger: no personal data.
    """
    _require_said(reason, "why you take it back")
    basis = context.basis()
    asked = ask_about(context, version, environment, scope)
    require_heard(context, [asked.policy])
    mine = [fact for fact in _standing(asked) if _may(context, asked, fact)]
    if context.identity.responsible:
        msg = f"{context.identity.id} is a service account: whoever signed takes it back"
        raise PermissionError(msg)
    if not mine:
        msg = f"{context.identity.id} has signed nothing about this version that stands; see muster approval show"
        raise LookupError(msg)
    question = asked.decision.question
    context.record(*(WithdrawnSignOff(question.version, fact.digest, reason.strip()) for fact in mine), expect=basis)
    gone = tuple(fact.digest for fact in mine)
    resting = tuple(release.record.package for release in asked.facts.releases)
    return Withdrawn(gone, ask(context, question).decision, resting)


@action("condition met", roles=SIGNERS)
def meet(
    context: Context,
    version: str,
    number: int,
    how: str,
    approval: str = "",
    environment: str = "production",
    scope: str = "serve",
) -> Decision:
    """Say that a condition of your sign-off is met; only whoever set it may.

    Parameters
    ----------
    number
        Which one, from 1, in the order in which you set them.
    how
        How you know; it stays in the ledger: no personal data.
    approval
        Digest of the sign-off, or its beginning, as `muster approval show` shows it; by default your only one.
    """
    _require_said(how, "how you know that it is met")
    basis = context.basis()
    asked = ask_about(context, version, environment, scope)
    require_heard(context, [asked.policy])
    given = {fact.digest: fact for fact in asked.facts.approvals if fact.record.conditions}
    mine = {name: fact for name, fact in given.items() if fact.record.approver == context.identity.id}
    if not mine or context.identity.responsible:
        others = ", ".join(sorted({fact.record.approver for fact in given.values()})) or "nobody"
        msg = f"{context.identity.id} signed on no condition here; {others} did: whoever set it says that it is met"
        raise PermissionError(msg)
    found = one_of(mine, approval, "sign-off", "muster approval show") if approval else _only(mine)
    conditions = found.record.conditions
    if not 1 <= number <= len(conditions) or conditions[number - 1] not in open_conditions(found, asked.facts):
        msg = f"condition {number} is not open: the sign-off has {len(conditions)}, see muster approval show"
        raise LookupError(msg)
    context.record(MetCondition(asked.decision.question.version, found.digest, number, how.strip()), expect=basis)
    return ask(context, question_about(context, version, environment, scope)).decision


def _only(mine: dict[str, Fact[Approval]]) -> Fact[Approval]:
    if len(mine) == 1:
        return next(iter(mine.values()))
    msg = f"you gave {len(mine)} sign-offs with conditions: say which (--approval), muster approval show shows them"
    raise LookupError(msg)


def _standing(asked: Asked) -> list[Fact[Approval]]:
    gone = {each.record.approval for each in asked.facts.withdrawals}
    return [fact for fact in (*asked.facts.approvals, *asked.facts.rejections) if fact.digest not in gone]


def _may(context: Context, asked: Asked, fact: Fact[Approval]) -> bool:
    """Whether the actor signed it, or lent the role in which it was signed."""
    lent = {each.digest: each.record.principal for each in asked.facts.delegations}
    return context.identity.id in (fact.record.approver, lent.get(fact.record.delegation))


def _require_said(words: str, what: str) -> None:
    if not words.strip():
        msg = f"say {what}: others will read it"
        raise ValueError(msg)
