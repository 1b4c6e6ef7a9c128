"""A release of the scene's version, as the board would know it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tests.rules.scene import LIBRARY, NOW, POLICY, QUESTION, ROOT, SERVED, VERSION, complete, entry, record

from muster.adapters.signatures import verify
from muster.records.canonical import digest
from muster.records.entry import Entry
from muster.records.governance.terms import LapseAction, OnLapse
from muster.records.policy import Library, Policy
from muster.records.release import Release, SignedRelease
from muster.rules.backtest.inventory import Known, known_of
from muster.rules.backtest.trial import terms_of
from muster.rules.gate.decide import record_digest
from muster.rules.gate.facts import gather
from muster.rules.standing.judge import Case, Proof, shown
from muster.rules.standing.world import World

END = NOW + timedelta(days=90)
BEFORE = NOW - timedelta(days=1)
RELEASE = SignedRelease(VERSION, "loans", "production", "serve", "sha256:package", END)


def world(*policies: tuple[datetime, Policy], library: Library = LIBRARY) -> World:
    return World(policies or [(BEFORE, POLICY)], [(BEFORE, library)])


def kind(action: LapseAction = LapseAction.SUSPEND, hours: float = 6.0, **changes: Any) -> Policy:
    """Return the policy, saying what a lapse brings."""
    return replace(POLICY, on_lapse=OnLapse(action, hours), **changes)


def known(entries: Sequence[Entry] = ()) -> Known:
    told = (*(entries or complete()), entry(RELEASE, "robot", NOW))
    return known_of(QUESTION, "loans", gather(QUESTION, record(told), ROOT, verify))


def case(entries: Sequence[Entry] = (), own: Policy = POLICY, library: Library = LIBRARY, **changes: Any) -> Case:
    """Return a case whose package holds all that is known at first."""
    terms = terms_of(own, library)
    held = tuple(digest(each.to_bytes()) for each in (entries or complete()) if each.at <= NOW)
    policy, named = record_digest(own), record_digest(library)
    release = Release(QUESTION, SERVED, policy, named, held, "", NOW, END)
    there = known(entries)
    proof = Proof("", release, terms, shown(there, release, terms))
    return replace(Case(RELEASE, NOW, there, proof), **changes)
