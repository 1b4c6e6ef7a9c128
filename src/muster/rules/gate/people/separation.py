"""Separation: who had a hand in a version, from the entries along its lineage; nobody of them may sign it off.

Entries name who answers: a service account counts as its person. What nobody is known to have done, everybody may have
done, so that it refuses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from muster.records.decision import Finding, Reason
from muster.records.entry import Recorded
from muster.records.policy import Policy
from muster.rules.access.roll import SYSTEM
from muster.rules.gate.facts import Fact, Facts

NOBODY = frozenset({"", SYSTEM})
"""Who entries name where no person is known to have acted."""


def makers(policy: Policy, facts: Facts) -> Mapping[str, tuple[str, ...]]:
    """Return who may not sign the version off, and what each did to it, in words."""
    deeds: list[tuple[tuple[Fact[Any], ...], str]] = [(facts.runs, "trained it"), (facts.versions, "registered it")]
    if policy.separation_along_lineage:
        whole = tuple(fact for fact in facts.datasets if not fact.record.parent)
        parts = tuple(fact for fact in facts.datasets if fact.record.parent)
        deeds = [(whole, "brought its data"), (parts, "split its data"), *deeds, (facts.compilations, "compiled it")]
    made: dict[str, list[str]] = {}
    for known, deed in deeds:
        for person in sorted({fact.person for fact in known}):
            made.setdefault(person, []).append(deed)
    return {person: tuple(done) for person, done in made.items()}


def hand_in(person: str, made: Mapping[str, tuple[str, ...]]) -> str:
    """Say what somebody did to the version."""
    done = made[person]
    told = f"{', '.join(done[:-1])} and {done[-1]}" if len(done) > 1 else done[0]
    author = "trained it" in done or "registered it" in done
    return f"{person} is an author of this version" if author else f"{person} had a hand in this version ({told})"


def along(training: str, about: Callable[[str], Iterable[Recorded]]) -> Iterator[Recorded]:
    """Yield the entries of what a version was trained on, and of what that is a part of.

    Parameters
    ----------
    about
        Gives the entries about a ledger subject.
    """
    seen: set[str] = set()
    name = training
    while name and name not in seen:
        seen.add(name)
        found = [each for each in about(f"dataset:{name}") if each.entry.kind == "dataset.snapshotted"]
        yield from found
        name = next((str(each.entry.body["parent"]) for each in found if each.entry.body.get("parent")), "")


def unknown_makers(policy: Policy, facts: Facts) -> Iterator[Reason]:
    """Give a reason where it is not known who had a hand in the version, as far as the policy asks."""
    if not policy.separation_of_duties or not policy.separation_along_lineage:
        return
    statement = "It is known who brought the data, and who compiled the version."
    known = {fact.record.digest: fact.record for fact in facts.datasets}
    wanted = {fact.record.training for fact in facts.versions} | {each.parent for each in known.values()}
    if unknown := sorted(wanted - known.keys() - {""}):
        why = f"nobody is known to have brought dataset {unknown[0]}, so that whoever signs off may have"
        yield Reason("lineage", Finding.UNKNOWN, statement, why)
        return
    lineage: tuple[Fact[Any], ...] = (*facts.datasets, *facts.compilations)
    nameless = [fact.digest for fact in lineage if fact.person in NOBODY]
    if nameless:
        why = f"entry {nameless[0]} names no person, so that whoever signs off may have made it"
        yield Reason("lineage", Finding.UNKNOWN, statement, why, tuple(nameless))
