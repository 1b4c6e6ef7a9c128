"""Board: how releases stand, in memory; only what new entries are about is read again, only what may differ asked."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from weakref import WeakKeyDictionary

from muster.lifecycle.desk.asking import about
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.roots import current_root
from muster.ports.ledger import Ledger
from muster.records.codec import decode
from muster.records.decision import Question
from muster.records.entry import Recorded
from muster.records.policy import Library, Policy
from muster.records.release import Revocation, SignedRelease
from muster.records.trust import TrustRoot
from muster.rules.admission import open_package
from muster.rules.backtest.inventory import Known, known_of
from muster.rules.gate.facts import Facts, gather
from muster.rules.standing.judge import Case, Judged, Proof, judge, shown
from muster.rules.standing.state import Standing, State
from muster.rules.standing.world import World

POLICY, LIBRARY, POLICY_SIGNED = "policy.adopted", "library.adopted", "policy.signed"
RELEASED, REVOKED, ROOT = "release.signed", "release.revoked", "trust-root.published"
TOLD = "standing.changed"
GATHERED = (POLICY, LIBRARY, POLICY_SIGNED, RELEASED, REVOKED, ROOT, TOLD)

APART = frozenset(
    {
        "version", "use-case", "run", "dataset", "gateway-group", "alert", "session", "token", "actor", "credential",
        "deployment", "reason-map", "retention", "person", "policy", "library",
    }
)  # fmt: skip
"""Subjects whose entries concern only releases that read that very subject; any other makes all be read again."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A release as it was signed."""

    release: SignedRelease
    at: datetime
    seq: int

    @property
    def question(self) -> Question:
        """What its gate was asked."""
        return Question(self.release.version, self.release.use_case, self.release.environment, self.release.scope)


@dataclass(slots=True)
class _Kept:
    """What was gathered and worked out so far."""

    size: int = 0
    policies: list[tuple[datetime, Policy]] = field(default_factory=list)
    libraries: list[tuple[datetime, Library]] = field(default_factory=list)
    signed: list[Recorded] = field(default_factory=list)
    """Signatures of policies."""
    releases: dict[str, Listed] = field(default_factory=dict)
    """By package, in the order of signing."""
    revoked: dict[str, tuple[datetime, str]] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    """The state that was recorded last, by package."""
    root_at: datetime | None = None
    root: TrustRoot | None = None
    world: World | None = None
    known: dict[Question, Known] = field(default_factory=dict)
    readers: defaultdict[str, set[Question]] = field(default_factory=lambda: defaultdict(set))
    """Questions by the subjects that were read for them."""
    proofs: dict[str, Proof] = field(default_factory=dict)
    judged: dict[str, tuple[datetime, Judged]] = field(default_factory=dict)


class Board:
    """How releases stand; one for each ledger that a process has open."""

    def __init__(self) -> None:
        self._kept = _Kept()
        self._lock = threading.RLock()

    def releases(self, context: Context) -> Sequence[Listed]:
        """Take in what the ledger has got since, and return every release, in the order of signing.

        Raises
        ------
        PermissionError
            If the trust root does not hold: then nothing can be said.
        """
        with self._lock:
            self._follow(context)
            return tuple(self._kept.releases.values())

    def judged(self, context: Context, listed: Listed) -> Judged:
        """Return how a release stands now, by what was taken in, and what will fall out."""
        now, package = context.house.clock(), listed.release.package
        with self._lock:
            kept = self._kept
            before = kept.judged.get(package)
            if before is not None and before[0] <= now < before[1].fresh_until:
                return before[1]
            if kept.world is None:
                kept.world = World(kept.policies, kept.libraries)
            found = judge(self._case(context, listed), kept.world, now)
            kept.judged[package] = now, found
            return found

    def known(self, context: Context, listed: Listed) -> Known:
        """Return what is known of the version of a release."""
        with self._lock:
            return self._known(context, listed.question)

    def told(self, package: str) -> str:
        """Return the state of a release that was recorded last; in force where none was."""
        with self._lock:
            return self._kept.told.get(package, State.IN_FORCE.value)

    def _case(self, context: Context, listed: Listed) -> Case:
        kept, package = self._kept, listed.release.package
        known = self._known(context, listed.question)
        if package not in kept.proofs:
            kept.proofs[package] = self._proof(context, package, known)
        return Case(listed.release, listed.at, known, kept.proofs[package], kept.revoked.get(package), kept.root_at)

    def _follow(self, context: Context) -> None:
        """Take in what the ledger has got since."""
        kept, ledger, root = self._kept, context.house.ledger, current_root(context)
        if ledger.size < kept.size or root != kept.root:  # another history, or other keys: all is asked anew
            self._kept = kept = _Kept(root=root)
        size = ledger.size
        if kept.size == size:
            return
        if kept.size:
            new: Iterable[Recorded] = ledger.read(start=kept.size)
        else:
            new = sorted((each for kind in GATHERED for each in ledger.read(kind=kind)), key=lambda each: each.seq)
        for recorded in new:
            if recorded.seq < size:
                self._take(recorded)
        kept.size = size

    def _take(self, recorded: Recorded) -> None:
        kept, entry = self._kept, recorded.entry
        if entry.kind in (POLICY, LIBRARY):
            if entry.kind == POLICY:
                kept.policies.append((entry.at, decode(Policy, entry.body)))
            else:
                kept.libraries.append((entry.at, decode(Library, entry.body)))
            kept.world = None
            self._forget(kept.known)
        elif entry.kind == POLICY_SIGNED:
            kept.signed.append(recorded)
            self._forget(kept.known)
        elif entry.kind == ROOT:
            kept.root_at = entry.at
            self._forget(kept.known)
        else:
            self._take_about(recorded)

    def _take_about(self, recorded: Recorded) -> None:
        kept, entry = self._kept, recorded.entry
        if entry.kind == RELEASED:
            release = decode(SignedRelease, entry.body)
            kept.releases[release.package] = Listed(release, entry.at, recorded.seq)
        elif entry.kind == REVOKED:
            revocation = decode(Revocation, entry.body)
            kept.revoked.setdefault(revocation.package, (entry.at, revocation.reason))
        if entry.kind == TOLD:
            kept.told[str(entry.body["package"])] = str(entry.body["after"])
        if entry.kind in (TOLD, "decision.made"):
            return  # what was said of standing changes none
        alone = entry.subject.partition(":")[0] in APART
        self._forget(tuple(kept.readers.get(entry.subject, ())) if alone else kept.known)

    def _forget(self, questions: Iterable[Question]) -> None:
        """Drop what was worked out about questions."""
        kept = self._kept
        gone = set(questions)
        for question in gone:
            kept.known.pop(question, None)
        if gone:
            for package, listed in kept.releases.items():
                if listed.question in gone:
                    kept.judged.pop(package, None)

    def _known(self, context: Context, question: Question) -> Known:
        kept = self._kept
        if question not in kept.known:
            root = kept.root or current_root(context)
            lineage = [policy for _, policy in kept.policies if policy.separation_along_lineage]
            policy = lineage[0] if lineage else kept.policies[0][1]
            entries = (*about(context, question, policy), *kept.signed)
            facts = gather(question, entries, root, context.house.verify)
            subjects = {each.entry.subject for each in entries}
            for subject in (*subjects, f"version:{question.version}", f"use-case:{question.use_case}"):
                kept.readers[subject].add(question)
            kept.known[question] = known_of(question, _model(facts), facts)
        return kept.known[question]

    def _proof(self, context: Context, package: str, known: Known) -> Proof:
        kept, house = self._kept, context.house
        try:
            release, _ = open_package(house.blobs.get(package), kept.root or current_root(context), house.verify)
        except (PermissionError, KeyError, ValueError) as error:
            why = (
                f"{error}. If the release key or the ledger key was replaced since, sign it again "
                "(muster release sign), and deploy that (muster deployment set)"
            )
            return Proof(why)
        own = (kept.world or World(kept.policies, kept.libraries)).named(release.policy, release.library)
        return Proof("", release, own, shown(known, release, own) if own else ())


_BOARDS: WeakKeyDictionary[Ledger, Board] = WeakKeyDictionary()
_LOCK = threading.Lock()


def board_of(context: Context) -> Board:
    """Return the board of the ledger of this house; it lives as long as the ledger."""
    with _LOCK:
        return _BOARDS.setdefault(context.house.ledger, Board())


def standing_of(context: Context, release: SignedRelease) -> Standing:
    """Say how a release stands: by today's gate, and by whether gateways can still prove it."""
    (found,) = standings_of(context, [release.package]).values()
    return found


def standings_of(context: Context, packages: Collection[str]) -> dict[str, Standing]:
    """Say how releases stand, by package; of a package that no release in the ledger has, nothing is said."""
    board, wanted = board_of(context), set(packages)
    found = [listed for listed in board.releases(context) if listed.release.package in wanted]
    return {listed.release.package: board.judged(context, listed).standing for listed in found}


def _model(facts: Facts) -> str:
    return facts.versions[-1].record.model if facts.versions else ""
