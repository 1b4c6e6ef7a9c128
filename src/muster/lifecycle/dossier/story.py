"""Story: the entries of a dossier as records, in the order in which a reader asks for them."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast

from muster.lifecycle.dossier.collect import Collected
from muster.ports.keys import Verify
from muster.records.canonical import canonical, digest, parse
from muster.records.codec import KINDS, decode, encode, kind_of
from muster.records.data import DatasetVersion
from muster.records.decision import Approval, Decision, Question, SignedApproval
from muster.records.entry import Recorded
from muster.records.model import ModelVersion
from muster.records.policy import Library, Policy
from muster.records.purpose import UseCase
from muster.records.release import IssuedOrders, Orders, Release, Revocation, SignedRelease
from muster.records.trust import TrustRoot
from muster.rules.admission import open_package
from muster.rules.envelope import read_envelope, read_statement
from muster.rules.gate.decide import decide
from muster.rules.gate.facts import APPROVAL, gather

T = TypeVar("T")
Pairs = Sequence[tuple[Recorded, T]]


@dataclass(frozen=True, slots=True)
class Story:
    """What a reader of a dossier is told; every part comes from its entries."""

    collected: Collected
    version: ModelVersion
    use_case: UseCase
    decision: Decision
    policy: Policy
    library: Library
    release: Release | None
    """The newest release, if there is one; the decision is then the one that it rests on."""
    signed: SignedRelease | None
    revocations: tuple[Revocation, ...]
    """Of that release."""
    approvals: Pairs[Approval]
    orders: Pairs[Orders]
    datasets: tuple[DatasetVersion, ...]

    def of(self, record_type: type[T]) -> list[tuple[Recorded, T]]:
        """Return the records of a kind with their entries, oldest first."""
        return records(self.collected.entries, record_type)


def tell(collected: Collected, verify: Verify) -> Story:
    """Read a story out of collected entries; raise LookupError or ValueError where a part of it is missing."""
    entries = collected.entries
    question = collected.question
    decision, release, signed = _answer(collected, verify)
    registered = (question.version, question.use_case)
    about = [v for _, v in records(entries, ModelVersion) if (v.digest, v.use_case) == registered]
    revoked = [r for _, r in records(entries, Revocation) if signed is not None and r.package == signed.package]
    datasets = {dataset.digest: dataset for _, dataset in records(entries, DatasetVersion)}
    return Story(
        collected=collected,
        version=about[-1],
        use_case=[case for _, case in records(entries, UseCase) if case.id == question.use_case][-1],
        decision=decision,
        policy=_named(entries, Policy, decision.policy),
        library=_named(entries, Library, decision.library),
        release=release,
        signed=signed,
        revocations=tuple(revoked),
        approvals=[(recorded, _approval(signed_)) for recorded, signed_ in records(entries, SignedApproval)],
        orders=[(recorded, _orders(issued)) for recorded, issued in records(entries, IssuedOrders)],
        datasets=tuple(datasets.values()),
    )


def narrowed(collected: Collected, question: Question) -> Collected:
    """Return of a dossier of several versions what concerns one of them."""
    others = {asked.version for asked in collected.questions} - {question.version}
    away = tuple(f"version:{version}" for version in others)
    kept = tuple(recorded for recorded in collected.entries if recorded.entry.subject not in away)
    return replace(collected, question=question, entries=kept)


def records(entries: Sequence[Recorded], record_type: type[T]) -> list[tuple[Recorded, T]]:
    """Return the records of a kind among entries."""
    kind = kind_of(record_type)
    return [(r, cast("T", decode(KINDS[kind], r.entry.body))) for r in entries if r.entry.kind == kind]


def _answer(collected: Collected, verify: Verify) -> tuple[Decision, Release | None, SignedRelease | None]:
    """Return the decision to show: the one that the newest release rests on, made again, or the newest recorded."""
    question = collected.question
    asked = encode(question)
    signed = [(r, s) for r, s in records(collected.entries, SignedRelease) if _question_of(s) == asked]
    if not signed:
        return [d for _, d in records(collected.entries, Decision) if d.question == question][-1], None, None
    recorded, newest = signed[-1]
    root = _root_at(collected, recorded.seq)
    found = [package for package in collected.packages if digest(package) == newest.package]
    if not found:
        msg = (
            f"the package of the release in entry {recorded.seq} is not the one that was signed: the store was changed"
        )
        raise PermissionError(msg)
    decision, release = judged(found[0], root, verify)
    return decision, release, newest


def judged(package: bytes, root: TrustRoot, verify: Verify) -> tuple[Decision, Release]:
    """Return the decision that a release rests on, made again from its package, and the release."""
    release, entries = open_package(package, root, verify)
    policy = _named(entries, Policy, release.policy)
    library = _named(entries, Library, release.library)
    facts = gather(release.question, entries, root, verify)
    return decide(policy, library, release.question, facts, release.issued_at), release


def _question_of(signed: SignedRelease) -> dict[str, str]:
    return {name: getattr(signed, name) for name in ("version", "use_case", "environment", "scope")}


def _root_at(collected: Collected, seq: int) -> TrustRoot:
    return [root for recorded, root in records(collected.entries, TrustRoot) if recorded.seq < seq][-1]


def _named(entries: Sequence[Recorded], record_type: type[T], name: str) -> T:
    for recorded, record in records(entries, record_type):
        if digest(canonical(recorded.entry.body)) == name:
            return record
    msg = f"the {kind_of(record_type).partition('.')[0]} {name} is not in the ledger"
    raise LookupError(msg)


def _approval(signed: SignedApproval) -> Approval:
    return decode(Approval, read_statement(_payload(signed.envelope), APPROVAL)[1], "approval")


def _orders(issued: IssuedOrders) -> Orders:
    return decode(Orders, parse(_payload(issued.envelope)), "orders")


def _payload(envelope: str) -> Any:
    return base64.b64decode(read_envelope(envelope).payload)
