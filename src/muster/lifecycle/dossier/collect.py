"""Collect: which ledger entries belong into the dossier of a version, and what they prove themselves with."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.roots import documents
from muster.lifecycle.dossier.attestations import attestations, continuations
from muster.ports.vault import Erased
from muster.records.access.erasure import Erasure, RetentionRun
from muster.records.canonical import canonical, digest, parse
from muster.records.codec import decode, encode
from muster.records.decision import Decision, Question
from muster.records.entry import Recorded
from muster.records.policy import Library, Policy
from muster.records.release import IssuedOrders, Orders, ReleasePackage, SignedRelease
from muster.rules.admission import RELEASE
from muster.rules.envelope import read_bundle, read_envelope, read_statement


@dataclass(frozen=True, slots=True)
class Collected:
    """What goes into a dossier: entries in ledger order, release packages in the order of their entries, documents."""

    question: Question
    entries: tuple[Recorded, ...]
    packages: tuple[bytes, ...]
    documents: tuple[str, ...]
    checkpoint: str
    paths: dict[str, list[str]]
    """Audit path (hex) to the checkpoint, by the entry's place in eight digits."""
    attestations: dict[str, bytes]
    """Sigstore bundles of what was signed, by file name."""
    continuations: dict[str, list[str]]
    """Proofs (hex) that the ledger continues the one that each release saw, by the number of the release."""
    sealed: dict[str, bytes]
    """What approvers said, by digest, sealed: readable only while its key lives, and not in the dossier alone."""


def collect(context: Context, question: Question) -> Collected:
    """Collect what the ledger holds about a question; raise LookupError where nothing answers it yet."""
    ledger = context.house.ledger
    size = ledger.refresh()
    kept = {recorded.seq: recorded for recorded in _about(context, question)}
    answers = [kept[seq] for seq in sorted(kept) if _answers(question, kept[seq])]
    if not answers:
        msg = (
            f"nothing answers yet whether version {question.version} may {question.scope} {question.use_case!r} in "
            f"{question.environment!r}: ask first (muster gate decide), so that there is a decision to show"
        )
        raise LookupError(msg)
    released = [decode(SignedRelease, r.entry.body) for r in answers if r.entry.kind == "release.signed"]
    packages = tuple(context.house.blobs.get(release.package) for release in released)
    named = {name for each in answers for name in _named(each)} | {
        name for each in packages for name in _named_in(each)
    }
    for record_type in (Policy, Library):
        found = (recorded for recorded, _ in context.history(record_type))
        kept |= {each.seq: each for each in found if digest(canonical(each.entry.body)) in named}
    kept |= {each.seq: each for each in _orders(context, question.version)}
    comments = {each.entry.body["comment"] for each in kept.values() if each.entry.body.get("comment")}
    sealed = {name: content for name in sorted(comments) if (content := _sealed(context, name)) is not None}
    kept |= {each.seq: each for each in _erasures(context, comments - sealed.keys())}
    entries = tuple(kept[seq] for seq in sorted(kept) if seq < size)
    paths = {f"{each.seq:08d}": [step.hex() for step in ledger.inclusion(each.seq, size)] for each in entries}
    return Collected(
        question=question,
        entries=entries,
        packages=packages,
        documents=documents(context),
        checkpoint=ledger.checkpoint(size),
        paths=paths,
        attestations=attestations(entries, packages),
        continuations=continuations(ledger, packages, size),
        sealed=sealed,
    )


def _sealed(context: Context, name: str) -> bytes | None:
    """Return a sealed comment, or None where it was erased; raise KeyError where it is absent without that."""
    try:
        return context.house.vault.sealed(name)
    except Erased:
        return None


def _erasures(context: Context, names: set[str]) -> Iterator[Recorded]:
    """Yield the entries which say that sealed comments were erased."""
    for recorded, erasure in context.history(Erasure):
        if names & set(erasure.sealed):
            yield recorded
    for recorded, done in context.history(RetentionRun):
        if names & set(done.removed):
            yield recorded


def _about(context: Context, question: Question) -> Iterator[Recorded]:
    ledger = context.house.ledger
    version = list(ledger.read(subject=f"version:{question.version}"))
    yield from version
    yield from ledger.read(subject=f"use-case:{question.use_case}")
    yield from ledger.read(subject="trust-root")
    bodies = [recorded.entry.body for recorded in version]
    # An intent to register holds the whole run; a version names it.
    for run in sorted({body["run"] for body in bodies if isinstance(body.get("run"), str)}):
        yield from ledger.read(subject=f"run:{run}")
    samples = {body[name] for body in bodies for name in ("training", "sample") if isinstance(body.get(name), str)}
    yield from _datasets(context, samples)


def _datasets(context: Context, names: Iterable[str]) -> Iterator[Recorded]:
    """Yield dataset versions and what they are parts of."""
    waiting, done = sorted(names), set[str]()
    while waiting:
        name = waiting.pop()
        if name in done:
            continue
        done.add(name)
        for recorded in context.house.ledger.read(subject=f"dataset:{name}"):
            yield recorded
            if parent := recorded.entry.body.get("parent"):
                waiting.append(parent)


def _orders(context: Context, version: str) -> Iterator[Recorded]:
    """Yield the orders that changed anything for this version; those that only repeat the ones before tell nothing."""
    before: dict[str, object] = {}
    for recorded, issued in context.history(IssuedOrders):
        orders = decode(Orders, parse(base64.b64decode(read_envelope(issued.envelope).payload)), "orders")
        own = tuple(deployment for deployment in orders.deployments if deployment.version == version)
        state = (own, tuple(sorted(orders.revoked)) if own or before.get(orders.group) else ())
        if state != before.get(orders.group, ((), ())):
            yield recorded
        before[orders.group] = state


def _answers(question: Question, recorded: Recorded) -> bool:
    body = recorded.entry.body
    if recorded.entry.kind == "decision.made":
        return bool(body["question"] == encode(question))
    asked = {name: body.get(name) for name in ("version", "use_case", "environment", "scope")}
    return recorded.entry.kind == "release.signed" and asked == encode(question)


def _named(recorded: Recorded) -> tuple[str, ...]:
    if recorded.entry.kind != "decision.made":
        return ()
    decision = decode(Decision, recorded.entry.body)
    return decision.policy, decision.library


def _named_in(package: bytes) -> tuple[str, ...]:
    bundle = decode(ReleasePackage, parse(package), "release package").bundle
    _, release = read_statement(base64.b64decode(read_bundle(bundle).payload), RELEASE)
    return release["policy"], release["library"]
