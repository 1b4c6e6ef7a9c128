"""Waivers: leave for one control and one version, asked for by one person and granted by another, until a date."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from muster.records.decision import Finding, Reason, Waiver
from muster.records.entry import person_of
from muster.records.policy import Control
from muster.rules.gate.facts import Fact, Facts


def waived(reason: Reason, control: Control, facts: Facts, now: datetime) -> Reason:
    """Return the reason as waived, if a waiver of this control counts now; otherwise say why none does."""
    offered = sorted(
        (fact for fact in facts.waivers if fact.record.control == control.id),
        key=lambda fact: (fact.record.expires_at, fact.digest),
        reverse=True,
    )
    objections = [_objection(fact, control, reason, facts.authors, now) for fact in offered]
    for fact, objection in zip(offered, objections, strict=True):
        if not objection:
            leave = f"waived until {fact.record.expires_at:%Y-%m-%d} ({fact.record.compensating_control})"
            why = f"{leave}; without the waiver: {reason.explanation}"
            return replace(reason, finding=Finding.WAIVED, explanation=why, evidence=(*reason.evidence, fact.digest))
    if objections:
        return replace(reason, explanation=f"{reason.explanation} (a waiver does not count: {objections[0]})")
    return reason


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
