"""Objections: why an entry about actors, roles or tokens does not count, whoever wrote it.

The control plane asks before it writes, and everybody who reads the ledger asks again: an entry that got there by
another way than the control plane's gives nobody anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from muster.records.access.credentials import IssuedToken, TokenRevocation
from muster.records.access.roles import ActorRemoval, RoleGrant, RoleProposal, RoleWithdrawal, Scope
from muster.records.codec import decode, kind_of
from muster.records.entry import ACCOUNT, LOCAL, Entry
from muster.records.people import Actor, Role
from muster.rules.access.roll import (
    CONFIRMING,
    PROPOSAL_LIFE,
    SECOND_PERSON,
    SYSTEM,
    TOKEN_LIFE,
    Member,
    Proposal,
    Roll,
)


def author_of(entry: Entry) -> str:
    """Return the id of the actor who wrote an entry: for a service account its own, not that of its person."""
    return entry.actor.removeprefix(LOCAL).rpartition(ACCOUNT)[2]


def objection(roll: Roll, entry: Entry) -> str:
    """Say why an entry does not count after those that made the roll; empty, if it does."""
    kind, judge = JUDGES[entry.kind]
    return judge(roll, entry, decode(kind, entry.body))


def within(inner: Scope, outer: Scope) -> bool:
    """Whether all that one scope names is named by another; a use case is not looked up in its business unit."""
    if outer.everywhere:
        return True
    named = set(inner.use_cases) <= set(outer.use_cases) and set(inner.business_units) <= set(outer.business_units)
    return named and not inner.everywhere


def _added(roll: Roll, entry: Entry, actor: Actor) -> str:
    if not roll.members:
        return "the first actor of a house is a person" if actor.responsible else ""
    if actor.id == SYSTEM:
        return f"no actor is called {SYSTEM!r}: entries that nobody asked for bear that name"
    if actor.id in roll.members and roll.living(actor.id) is None:
        return f"{actor.id!r} was removed, and what they did is in the ledger: give somebody new another id"
    if actor.responsible and roll.person(actor.responsible) is None:
        return f"{actor.responsible!r} cannot answer for a service account: it must be a person who is known here"
    joined = author_of(entry) == SYSTEM and not actor.roles and not actor.responsible
    return "" if joined else _not_admin(roll, entry)


def _removed(roll: Roll, entry: Entry, removal: ActorRemoval) -> str:
    if roll.living(removal.actor) is None:
        return _nobody(removal.actor)
    if _is_last(roll, removal.actor, entry):
        return _LAST
    return _not_admin(roll, entry)


def _proposed(roll: Roll, entry: Entry, proposal: RoleProposal) -> str:
    member = roll.living(proposal.actor)
    if member is None:
        return _nobody(proposal.actor)
    if proposal.id in roll.proposals:
        return f"there is a proposal {proposal.id!r} already"
    if proposal.expires_at - entry.at > PROPOSAL_LIFE:
        return f"a proposal lapses after {PROPOSAL_LIFE.days} days"
    if author_of(entry) != SYSTEM and (why := _not_admin(roll, entry)):
        return why
    return _cannot_hold(member, proposal.role, proposal.scope)


def _granted(roll: Roll, entry: Entry, grant: RoleGrant) -> str:
    member = roll.living(grant.actor)
    if member is None:
        return _nobody(grant.actor)
    if why := _cannot_hold(member, grant.role, grant.scope):
        return why
    if grant.role is Role.ADMIN and grant.until is not None:
        return "an admin is admin until the role is withdrawn: a house must not be left without one by the clock"
    if grant.proposal:
        return _confirmed(roll, entry, grant)
    if why := _not_admin(roll, entry):
        return why
    if grant.role not in SECOND_PERSON or (
        grant.role is Role.ADMIN and roll.begins_alone(author_of(entry), grant.actor, entry.at)
    ):
        return ""
    return (
        f"the role {grant.role.value} needs two people: one proposes it (muster role propose), another confirms it "
        "(muster role confirm)"
    )


def _confirmed(roll: Roll, entry: Entry, grant: RoleGrant) -> str:
    found = roll.proposals.get(grant.proposal)
    if found is None:
        return f"there is no proposal {grant.proposal!r}; `muster role list` shows those that are open"
    proposed = found.proposed
    if (proposed.actor, proposed.role, proposed.scope) != (grant.actor, grant.role, grant.scope):
        return f"proposal {grant.proposal!r} is about something else"
    if not found.open(entry.at):
        what = "has been dealt with" if found.closed else f"lapsed on {proposed.expires_at:%Y-%m-%d}"
        return f"proposal {grant.proposal!r} {what}: an admin may propose it again"
    if found.by != SYSTEM and not roll.is_admin(found.by, entry.at):
        return f"{found.by}, who proposed it, is no admin any more: another admin may propose it again"
    return _no_second_person(roll, entry, found)


def _no_second_person(roll: Roll, entry: Entry, found: Proposal) -> str:
    author, proposed = author_of(entry), found.proposed
    person = roll.person(author)
    if person is None:
        return f"{author} is no person who is known here: a service account cannot confirm"
    if author == found.by:
        return f"{author} proposed it: another person must confirm it"
    if author == proposed.actor:
        return f"{author} would get the role: another person must confirm it"
    if roll.is_admin(author, entry.at):
        return ""
    scopes = [scope for role in CONFIRMING for scope in person.scopes(role, entry.at)]
    if any(within(proposed.scope, scope) for scope in scopes):
        return ""
    if scopes:
        return (
            f"{author}'s own role does not reach as far as proposal {proposed.id!r}: somebody whose does must confirm"
        )
    roles = ", ".join(sorted({Role.ADMIN, *CONFIRMING}))
    return f"{author} may not confirm proposals: that takes one of the roles {roles}"


def _withdrawn(roll: Roll, entry: Entry, withdrawal: RoleWithdrawal) -> str:
    member = roll.living(withdrawal.actor)
    if member is None:
        return _nobody(withdrawal.actor)
    if withdrawal.role is Role.ADMIN and _is_last(roll, withdrawal.actor, entry):
        return _LAST
    return _not_admin(roll, entry)


def _issued(roll: Roll, entry: Entry, token: IssuedToken) -> str:
    member = roll.living(token.actor)
    if member is None:
        return _nobody(token.actor)
    if roll.locked(member):
        return f"{member.id} is locked: {member.responsible}, who answered for it, was removed"
    if token.id in roll.tokens:
        return f"there is a token {token.id!r} already"
    if not entry.at < token.expires_at <= entry.at + TOKEN_LIFE:
        return f"a token lives 1 to {TOKEN_LIFE.days} days"
    if author_of(entry) == token.actor:
        return ""
    if not member.responsible and token.actor in roll.bearers:
        return f"{token.actor} makes their own tokens; an admin makes the first one, and those of service accounts"
    return _not_admin(roll, entry)


def _revoked(roll: Roll, entry: Entry, revocation: TokenRevocation) -> str:
    found = roll.tokens.get(revocation.id)
    if found is None or found.issued.actor != revocation.actor or found.revoked:
        return f"there is no token {revocation.id!r} to be revoked; `muster token list` shows them"
    owner = roll.members[revocation.actor]
    if author_of(entry) in {owner.id, owner.responsible} - {""}:
        return ""
    return _not_admin(roll, entry)


def _cannot_hold(member: Member, role: Role, scope: Scope) -> str:
    if member.responsible and role in SECOND_PERSON:
        return f"{member.id} is a service account: a person must be {role.value}"
    if role is Role.ADMIN and not scope.everywhere:
        return "an admin is admin everywhere: name no use cases and no business units"
    return ""


def _not_admin(roll: Roll, entry: Entry) -> str:
    author = author_of(entry)
    return "" if roll.is_admin(author, entry.at) else f"{author} is no admin of this house"


def _is_last(roll: Roll, actor: str, entry: Entry) -> bool:
    return roll.is_admin(actor, entry.at) and len(roll.admins(entry.at)) == 1


def _nobody(actor: str) -> str:
    return f"no actor {actor!r} is known here; `muster actor list` shows who is"


_LAST = "this is the last admin: let another person be admin first (muster role grant ACTOR admin)"

_JUDGES: Mapping[type, Callable[[Roll, Entry, Any], str]] = {
    Actor: _added,
    ActorRemoval: _removed,
    RoleProposal: _proposed,
    RoleGrant: _granted,
    RoleWithdrawal: _withdrawn,
    IssuedToken: _issued,
    TokenRevocation: _revoked,
}

JUDGES = {kind_of(kind): (kind, judge) for kind, judge in _JUDGES.items()}
"""By ledger kind: the record, and what says whether it counts."""
