"""Show: a policy in force, in words, with the policy that each line comes from."""

from __future__ import annotations

from dataclasses import dataclass

from muster.lifecycle.desk.action import view
from muster.lifecycle.desk.asking import library_of
from muster.lifecycle.desk.context import Context
from muster.records.policy import Policy
from muster.rules.gate.decide import record_digest
from muster.rules.policies.words import in_words


@dataclass(frozen=True, slots=True)
class PolicyLine:
    """One thing that a policy says, and where it comes from."""

    says: str
    origin: str


@dataclass(frozen=True, slots=True)
class PolicyPage:
    """A policy in words."""

    policy: str
    digest: str
    parents: tuple[str, ...]
    """Digests of the policies that it extends."""
    lines: tuple[PolicyLine, ...]


@view("policy show")
def policy_show(context: Context, id: str) -> PolicyPage:  # noqa: A002 - the field's word
    """Show what a policy in force says, in words, and which of its lines are those of the policy that it extends.

    Parameters
    ----------
    id
        Id of the policy, as `muster policy list` shows it.
    """
    context.house.ledger.refresh()
    policy = context.latest(Policy, f"policy:{id}")
    library, _ = library_of(context, policy)
    known = {record_digest(held): held for _, held in context.history(Policy)}
    inherited: dict[str, str] = {}
    for parent in policy.parents:
        if parent in known:
            said = {line: known[parent].id for _, line in in_words(known[parent], library)}
            inherited = said | inherited
    missing = [parent for parent in policy.parents if parent not in known]
    own = "its own, or of a policy that was never adopted here" if missing else "its own"
    lines = tuple(PolicyLine(line, inherited.get(line, own)) for _, line in in_words(policy, library))
    return PolicyPage(policy.id, record_digest(policy), policy.parents, lines)
