"""Inventory: what the ledger knows of every version, gathered once, its evidence indexed by what it is of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from muster.records.canonical import canonical
from muster.records.codec import decode
from muster.records.decision import Question
from muster.records.entry import Recorded
from muster.records.evidence import Evidence
from muster.records.policy import Library, Policy
from muster.records.release import SignedRelease
from muster.records.trust import TrustRoot
from muster.rules.envelope import Verify
from muster.rules.gate.facts import PLACES, SIGNED, Fact, Facts, gather
from muster.rules.gate.measured import newest_by_sample
from muster.rules.gate.people.separation import along

Measure = tuple[str, str, bytes]
"""What evidence is of: check, role of the sample, and canonical parameters."""

SIGNED_KINDS = ("approval.signed", "approval.rejected", "approval.delegated", "emergency.signed")
SIGNED_PLACES = tuple(SIGNED[kind][0] for kind in SIGNED_KINDS)

KINDS = (*PLACES, *SIGNED_KINDS, "policy.adopted", "library.adopted")
"""Kinds of entries that an inventory is made of."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one version: the facts of its question, and its evidence by what it is of."""

    question: Question
    model: str
    facts: Facts
    measures: Mapping[Measure, tuple[Fact[Evidence], ...]]
    """Newest of each sample."""

    def until(self, moment: datetime, release: str) -> Known:
        """Return what was known when a release was signed, which was itself the last that happened."""
        kept = {
            name: tuple(fact for fact in getattr(self.facts, name) if fact.at <= moment and fact.digest != release)
            for name in (*(place for _, place in PLACES.values()), *SIGNED_PLACES)
        }
        return known_of(self.question, self.model, replace(self.facts, **kept))


@dataclass(frozen=True, slots=True)
class Inventory:
    """Every version, every release that was signed, and every policy and library in the order of adoption."""

    versions: tuple[Known, ...]
    releases: tuple[tuple[Fact[SignedRelease], Known], ...]
    policies: tuple[tuple[datetime, Policy], ...]
    libraries: tuple[tuple[datetime, Library], ...]


def take_stock(entries: Iterable[Recorded], environment: str, root: TrustRoot, verify: Verify) -> Inventory:
    """Gather the inventory of one environment in one pass over the entries, which come in the order of the ledger.

    That people must sign a policy before it is in force is left aside: a draft cannot have been signed yet.
    """
    root = replace(root, policy_sign_offs=())
    about: defaultdict[str, list[Recorded]] = defaultdict(list)
    policies: list[tuple[datetime, Policy]] = []
    libraries: list[tuple[datetime, Library]] = []
    registered: dict[tuple[str, str], str] = {}
    for recorded in entries:
        entry = recorded.entry
        if entry.kind == "policy.adopted":
            policies.append((entry.at, decode(Policy, entry.body)))
        elif entry.kind == "library.adopted":
            libraries.append((entry.at, decode(Library, entry.body)))
        else:
            about[entry.subject].append(recorded)
        if entry.kind == "model-version.registered":
            registered[str(entry.body["digest"]), str(entry.body["use_case"])] = str(entry.body["model"])
    versions: list[Known] = []
    releases: list[tuple[Fact[SignedRelease], Known]] = []
    for (version, use_case), model in registered.items():
        question = Question(version, use_case, environment)
        told = tuple(_told(about, question))
        known = known_of(question, model, gather(question, told, root, verify))
        versions.append(known)
        releases += ((release, known) for release in known.facts.releases)
    return Inventory(tuple(versions), tuple(releases), tuple(policies), tuple(libraries))


def _told(about: Mapping[str, list[Recorded]], question: Question) -> Iterable[Recorded]:
    yield from about.get(f"use-case:{question.use_case}", ())
    of_version = about.get(f"version:{question.version}", ())
    yield from of_version
    for recorded in of_version:
        if recorded.entry.kind == "model-version.registered":
            yield from about.get(f"run:{recorded.entry.body['run']}", ())
            yield from along(recorded.entry.body["training"], lambda subject: about.get(subject, ()))


def known_of(question: Question, model: str, facts: Facts) -> Known:
    """Return what is known of a version, its evidence by what it is of."""
    measures: defaultdict[Measure, list[Fact[Evidence]]] = defaultdict(list)
    for fact in facts.evidence:
        record = fact.record
        measures[record.check, record.sample_role, canonical(record.parameters)].append(fact)
    newest = {measure: tuple(newest_by_sample(found)) for measure, found in measures.items()}
    return Known(question, model, facts, newest)
