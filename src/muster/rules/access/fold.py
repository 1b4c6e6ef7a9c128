"""Fold: entries about actors, roles and tokens, in order, become the roll; those that may not count are passed over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from muster.records.access.credentials import IssuedToken, TokenRevocation
from muster.records.access.roles import ActorRemoval, RoleGrant, RoleProposal, RoleWithdrawal, Scope
from muster.records.codec import decode
from muster.records.entry import Entry
from muster.records.people import Actor
from muster.rules.access.objections import JUDGES, author_of, objection
from muster.rules.access.roll import SECOND_PERSON, Holding, Member, Proposal, Roll, Token

EVERYWHERE = Scope()

KINDS = tuple(JUDGES)
"""Ledger kinds that the roll is made of."""


def take(roll: Roll, entry: Entry) -> bool:
    """Take in the next entry, if it counts; tell whether it did.

    Parameters
    ----------
    roll
        Made of all entries of these kinds before it; it is changed.
    entry
        Of one of :data:`KINDS`.
    """
    if objection(roll, entry):
        return False
    kind, _ = JUDGES[entry.kind]
    _TAKEN[kind](decode(kind, entry.body), roll, entry)
    return True


def _add(actor: Actor, roll: Roll, entry: Entry) -> None:
    # Whoever is added comes with no role that needs a second person, but for the first: somebody must begin.
    founding = not roll.members
    plain = [role for role in actor.roles if founding or role not in SECOND_PERSON]
    new = tuple(Holding(role, EVERYWHERE, (entry.actor,)) for role in plain)
    known = roll.members.get(actor.id)
    if known is None:
        roll.members[actor.id] = Member(actor.id, actor.responsible, new)
        return
    # In older ledgers somebody was added again to change their roles.
    kept = tuple(held for held in known.holdings if held.role in SECOND_PERSON)
    roll.members[actor.id] = replace(known, holdings=(*kept, *new))


def _remove(removal: ActorRemoval, roll: Roll, entry: Entry) -> None:
    roll.members[removal.actor] = replace(roll.members[removal.actor], holdings=(), removed_at=entry.at)
    _close(roll, lambda proposal: proposal.proposed.actor == removal.actor)


def _propose(proposal: RoleProposal, roll: Roll, entry: Entry) -> None:
    roll.proposals[proposal.id] = Proposal(proposal, author_of(entry), entry.actor)


def _grant(grant: RoleGrant, roll: Roll, entry: Entry) -> None:
    member = roll.members[grant.actor]
    given_by: tuple[str, ...] = (entry.actor,)
    if grant.proposal:
        confirmed = roll.proposals[grant.proposal]
        given_by = (confirmed.entered_by, entry.actor)
        roll.proposals[grant.proposal] = replace(confirmed, closed=True)
    kept = tuple(held for held in member.holdings if (held.role, held.scope) != (grant.role, grant.scope))
    new = Holding(grant.role, grant.scope, given_by, grant.proposal, grant.until)
    roll.members[grant.actor] = replace(member, holdings=(*kept, new))


def _withdraw(withdrawal: RoleWithdrawal, roll: Roll, _: Entry) -> None:
    member = roll.members[withdrawal.actor]
    kept = tuple(held for held in member.holdings if held.role != withdrawal.role)
    roll.members[withdrawal.actor] = replace(member, holdings=kept)
    _close(roll, lambda known: (known.proposed.actor, known.proposed.role) == (withdrawal.actor, withdrawal.role))


def _issue(token: IssuedToken, roll: Roll, entry: Entry) -> None:
    roll.tokens[token.id] = Token(token, entry.actor)
    roll.bearers.add(token.actor)


def _revoke(revocation: TokenRevocation, roll: Roll, _: Entry) -> None:
    roll.tokens[revocation.id] = replace(roll.tokens[revocation.id], revoked=True)


def _close(roll: Roll, overtaken: Callable[[Proposal], bool]) -> None:
    for id_, proposal in roll.proposals.items():
        if not proposal.closed and overtaken(proposal):
            roll.proposals[id_] = replace(proposal, closed=True)


_TAKEN: Mapping[type, Callable[[Any, Roll, Entry], None]] = {
    Actor: _add,
    ActorRemoval: _remove,
    RoleProposal: _propose,
    RoleGrant: _grant,
    RoleWithdrawal: _withdraw,
    IssuedToken: _issue,
    TokenRevocation: _revoke,
}
