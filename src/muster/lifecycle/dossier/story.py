"""Story: the entries of a dossier as records, in the order in which a reader asks for them."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from muster.lifecycle.dossier.collect import Collected
from muster.ports.keys import Verify
from muster.records.canonical import canonical, digest, parse
from muster.records.codec import KINDS, decode, encode, kind_of
from muster.records.data import DatasetVersion
from muster.records.decision import Approval, Decision, SignedApproval
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
    about = [version for _, version in records(entries, ModelVersion) if version.use_case == question.use_case]
    revoked = [r for _, r in records(entries, Revocation) if signed is not None and r.package == signed.package]
    datasets = {dataset.digest: dataset for _, dataset in records(entries, DatasetVersion)}
    return Story(
        collected=collected,
        version=about[-1],
        use_case=records(entries, UseCase)[-1][1],
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
    release, entries = open_package(collected.packages[-1], root, verify)
    policy = _named(entries, Policy, release.policy)
    library = _named(entries, Library, release.library)
    facts = gather(question, entries, root, verify)
    return decide(policy, library, question, facts, release.issued_at), release, newest


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
