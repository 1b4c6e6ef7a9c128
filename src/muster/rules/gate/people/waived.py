"""Waivers: leave for one control and one version, asked for by one person and granted by another, until a date."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from muster.records.decision import Decision, Finding, Reason, Verdict, Waiver
from muster.records.entry import person_of
from muster.records.policy import Control
from muster.rules.gate.facts import Fact, Facts, age_key


def waived(
    reason: Reason, control: Control, facts: Facts, now: datetime, authors: Collection[str] | None = None
) -> Reason:
    """Return the reason as waived, if a waiver of this control counts now; otherwise say why none does.

    Parameters
    ----------
    authors
        Who neither asks for a waiver nor grants one; None: who trained or registered the version.
    """
    offered = sorted(
        (fact for fact in facts.waivers if fact.record.control == control.id),
        key=lambda fact: (fact.record.expires_at, fact.digest),
        reverse=True,
    )
    made = facts.authors if authors is None else frozenset(authors)
    objections = [_objection(fact, control, reason, made, now) or _ended(fact, facts) for fact in offered]
    for fact, objection in zip(offered, objections, strict=True):
        if not objection:
            asked = f"asked for by {person_of(fact.record.requested_by)}, granted by {fact.person}"
            leave = f"waived until {fact.record.expires_at:%Y-%m-%d} ({fact.record.compensating_control}; {asked})"
            why = f"{leave}; without the waiver: {reason.explanation}"
            return replace(reason, finding=Finding.WAIVED, explanation=why, evidence=(*reason.evidence, fact.digest))
    if objections:
        return replace(reason, explanation=f"{reason.explanation} (a waiver does not count: {objections[0]})")
    return reason


def without(decision: Decision) -> Verdict:
    """Return what the answer would be if nothing were waived.

    Where all that is waived are sign-offs, in an emergency, it would wait for them.
    """
    waived_ = [reason.demand for reason in decision.reasons if reason.finding is Finding.WAIVED]
    if not waived_:
        return decision.verdict
    only_people = decision.verdict is not Verdict.REFUSE and all(name.startswith("sign-off:") for name in waived_)
    return Verdict.WAIT if only_people else Verdict.REFUSE


def _ended(fact: Fact[Waiver], facts: Facts) -> str:
    """Say why a waiver that was granted rightly has ended before its date, or was not what was asked for."""
    waiver = fact.record
    if ends := [end for end in facts.waiver_ends if end.record.waiver == fact.digest]:
        return f"{min(ends, key=age_key).person} withdrew it"
    if not waiver.request:
        return ""
    for asked in facts.waiver_requests:
        if asked.digest == waiver.request:
            said = asked.record
            same = (said.control, said.reason, said.compensating_control, asked.person) == (
                waiver.control,
                waiver.reason,
                waiver.compensating_control,
                person_of(waiver.requested_by),
            )
            return (
                "" if same and waiver.expires_at <= said.expires_at else "it grants something else than was asked for"
            )
    return "the request that it grants is not here"


def _objection(fact: Fact[Waiver], control: Control, reason: Reason, authors: frozenset[str], now: datetime) -> str:
    """Say why a waiver does not count; empty where it does."""
    people = {fact.person, person_of(fact.record.requested_by)} - {""}
    if reason.finding is Finding.UNKNOWN:
        return "what cannot be decided cannot be waived, since nobody knows what would be waived"
    if not control.waivable:
        return "this control is not waivable"
    if len(people) != 2:
        return "one person must ask for it and another grant it"
    if people & authors:
        return f"{min(people & authors)} is an author of this version"
    return "" if now < fact.record.expires_at else f"it expired at {fact.record.expires_at:%Y-%m-%d %H:%M}"
