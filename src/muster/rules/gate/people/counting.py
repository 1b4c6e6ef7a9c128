"""Counting: which sign-offs count now, in whose place each was given, and why others do not; which rejections stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from muster.records.decision import Approval, Condition
from muster.records.governance.signoffs import Delegation
from muster.records.policy import Control, Library, Policy
from muster.rules.gate.applicability import spared
from muster.rules.gate.facts import Fact, Facts, age_key, record_digest
from muster.rules.gate.measured import SERVE, TRIAL, WINDOW
from muster.rules.gate.memo import once
from muster.rules.gate.people.separation import hand_in, makers


@dataclass(frozen=True, slots=True)
class Signature:
    """An approval that counts."""

    fact: Fact[Approval]
    principal: str
    """Whose role it was given in: the approver's own, or that of somebody who lent it."""
    open_conditions: tuple[Condition, ...] = ()

    @property
    def words(self) -> str:
        """Who signed, in whose place, by which kind of key, on which conditions that are still open."""
        said = self.fact.record
        lent = f" for {self.principal}" if self.principal != said.approver else ""
        kind = "by the platform in their name" if said.platform else "own key"
        told = "; ".join(f"{each.text} ({each.owner}, by {each.due:%Y-%m-%d})" for each in self.open_conditions)
        return f"{said.approver}{lent} ({kind}){told and f' on condition: {told}'}"


@dataclass(frozen=True, slots=True)
class Counted:
    """What the sign-offs on a question come to."""

    signatures: tuple[Signature, ...]
    passed_over: tuple[str, ...]
    """Why others do not count."""
    rejections: tuple[Fact[Approval], ...]
    """Those that stand."""
    refused: Mapping[str, str]
    """Why an approval does not count, by the digest of its entry."""


@dataclass(frozen=True, slots=True)
class _Terms:
    """What each approval is held against."""

    policy: Policy
    library: Library
    facts: Facts
    now: datetime
    made: Mapping[str, tuple[str, ...]]
    checks: Mapping[str, str]
    demanded: frozenset[str]
    tried: frozenset[str]
    """Checks that are demanded, of trials only, before a version may serve."""
    delegations: Mapping[str, Delegation]


def count(policy: Policy, library: Library, facts: Facts, now: datetime) -> Counted:
    """Count the sign-offs on a question as they stand at a moment."""
    made = makers(policy, facts) if policy.separation_of_duties else {}
    checks = {fact.digest: fact.record.check for fact in facts.evidence}
    delegations = {fact.digest: fact.record for fact in facts.delegations}
    demanded = frozenset(_demanded(_before_release(policy, library), facts, now))
    tried = frozenset(_demanded(_before_serving(policy, library), facts, now))
    terms = _Terms(policy, library, facts, now, made, checks, demanded, tried, delegations)
    rejections = tuple(fact for fact in sorted(facts.rejections, key=age_key) if not _withdrawn(fact, terms))
    signatures: list[Signature] = []
    refused: dict[str, str] = {}
    for fact in sorted(facts.approvals, key=age_key):
        if why := next(_objections(fact, terms), ""):
            refused[fact.digest] = why
        elif not any(_superseded(rejection, fact) is False for rejection in rejections):
            signatures.append(Signature(fact, _principal(fact, terms), _open(fact, terms)))
    standing = tuple(
        rejection for rejection in rejections if not any(_superseded(rejection, each.fact) for each in signatures)
    )
    passed_over = tuple(sorted({*facts.rejected, *refused.values()}))
    return Counted(_without_stand_ins(signatures), passed_over, standing, refused)


def conditions_until(facts: Facts, names: frozenset[str]) -> Iterator[datetime]:
    """Yield the moments at which sign-offs of these digests stop counting, because a condition would be overdue."""
    for fact in facts.approvals:
        if fact.digest in names:
            yield from (each.due for each in open_conditions(fact, facts))


def open_conditions(fact: Fact[Approval], facts: Facts) -> tuple[Condition, ...]:
    """Return the conditions of a sign-off that whoever gave it has not called met."""
    met = {
        each.record.number
        for each in facts.conditions_met
        if each.record.approval == fact.digest and each.person == fact.record.approver
    }
    return tuple(each for number, each in enumerate(fact.record.conditions, 1) if number not in met)


def _objections(fact: Fact[Approval], terms: _Terms) -> Iterator[str]:
    """Yield why an approval does not count."""
    said, who, policy = fact.record, fact.record.approver, terms.policy
    if who in terms.made:
        yield f"{hand_in(who, terms.made)} and may not sign it off"
    if _withdrawn(fact, terms):
        yield f"{who} withdrew the sign-off"
    if said.platform and policy.own_keys_only:
        yield f"{who} has no key: {policy.id} counts no signature of the platform (own_keys_only)"
    if said.policy != record_digest(policy):
        yield f"{who} signed under another version of the policy"
    if said.library != record_digest(terms.library):
        yield f"{who} signed under another version of the library of controls"
    if not terms.checks.keys() >= set(said.evidence):
        yield f"{who} signed evidence that is not here"
    elif unseen := sorted(_to_see(said, terms) - {terms.checks[seen] for seen in said.evidence}):
        yield f"{who} signed without having seen a measurement of {', '.join(unseen)}"
    if said.delegation:
        yield from _of_delegation(fact, terms)
    if overdue := [each for each in _open(fact, terms) if each.due <= terms.now]:
        first = overdue[0]
        yield f"{who} signed on condition that {first.owner} sees to: {first.text}; it was due {first.due:%Y-%m-%d}"


def _to_see(said: Approval, terms: _Terms) -> frozenset[str]:
    return terms.demanded | terms.tried if said.question.scope == SERVE else terms.demanded


def _of_delegation(fact: Fact[Approval], terms: _Terms) -> Iterator[str]:
    said, lent = fact.record, terms.delegations.get(fact.record.delegation)
    if lent is None:
        use_case = said.question.use_case
        yield f"{said.approver} signed in a role that nobody lent them for use case {use_case!r}"
        return
    loan = f"the role {lent.role} that {lent.principal} lent"
    if (lent.delegate, lent.role) != (said.approver, said.role):
        yield f"{said.approver} signed as {said.role}, but {loan} is for {lent.delegate}"
    if lent.principal in terms.made:
        yield f"{hand_in(lent.principal, terms.made)} and may lend nobody a role to sign it off"
    if not lent.signed_at <= said.signed_at <= max(fact.at, said.signed_at) < lent.expires_at:
        yield f"{said.approver} signed when {loan} had expired ({lent.expires_at:%Y-%m-%d %H:%M})"
    ends = [each for each in terms.facts.delegation_ends if each.record.delegation == said.delegation]
    if any(end.at <= fact.at for end in ends):
        yield f"{said.approver} signed after the end of {loan}"


def _principal(fact: Fact[Approval], terms: _Terms) -> str:
    lent = terms.delegations.get(fact.record.delegation)
    return fact.record.approver if lent is None else lent.principal


def _withdrawn(fact: Fact[Approval], terms: _Terms) -> bool:
    """Tell whether whoever signed, or whoever lent them the role, has taken it back."""
    may = {fact.record.approver, _principal(fact, terms)}
    return any(each.record.approval == fact.digest and each.person in may for each in terms.facts.withdrawals)


def _superseded(rejection: Fact[Approval], approval: Fact[Approval]) -> bool | None:
    """Tell whether an approval takes the place of a rejection, or (False) the other way; None: another's."""
    ours, theirs = rejection.record, approval.record
    if (ours.approver, ours.role) != (theirs.approver, theirs.role):
        return None
    return age_key(approval) > age_key(rejection)


def _open(fact: Fact[Approval], terms: _Terms) -> tuple[Condition, ...]:
    return open_conditions(fact, terms.facts) if fact.record.conditions else ()


def _without_stand_ins(signatures: list[Signature]) -> tuple[Signature, ...]:
    """Leave out what was signed in the place of somebody who signed themself."""
    own = {(each.principal, each.fact.record.role) for each in signatures if not each.fact.record.delegation}
    return tuple(
        each
        for each in signatures
        if not each.fact.record.delegation or (each.principal, each.fact.record.role) not in own
    )


def _demanded(controls: Iterable[Control], facts: Facts, now: datetime) -> set[str]:
    """Return the checks of which an approver must have seen a measurement: all that are asked for before release.

    A control that was waived, or is not for the use case, may have been measured by nobody.
    """
    excused = {fact.record.control for fact in facts.waivers}
    asked = (control for control in controls if not spared(control, facts, now))
    return {control.check for control in asked if control.id not in excused}


@once
def _before_release(policy: Policy, library: Library) -> tuple[Control, ...]:
    """Return the controls that a policy asks for before any release, of those that its library has."""
    found = (library.control(r.control) for r in policy.requirements if r.sample_role not in (WINDOW, TRIAL))
    return tuple(control for control in found if control is not None)


@once
def _before_serving(policy: Policy, library: Library) -> tuple[Control, ...]:
    """Return the controls that a policy asks for of trials, of those that its library has."""
    found = (library.control(r.control) for r in policy.requirements if r.sample_role == TRIAL)
    return tuple(control for control in found if control is not None)
