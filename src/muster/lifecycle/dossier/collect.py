"""Collect: what goes into the dossier of a version or of a deployment, and what it proves itself with."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.roots import current_root, documents
from muster.lifecycle.dossier.about import about, orders, texts
from muster.lifecycle.dossier.attestations import attestations, bundle_of, continuations, witnessed
from muster.ports.vault import Erased
from muster.records.access.erasure import Erasure, RetentionRun
from muster.records.adoption.policies import ProposedPolicy, SignedPolicy
from muster.records.canonical import canonical, digest
from muster.records.codec import decode, encode
from muster.records.decision import Decision, Question
from muster.records.entry import Recorded
from muster.records.policy import Library, Policy
from muster.records.release import SignedRelease
from muster.records.trust import Duty, PublicKey, TrustRoot
from muster.rules.admission import RELEASE
from muster.rules.envelope import read_bundle, read_statement


@dataclass(frozen=True, slots=True)
class Collected:
    """What goes into a dossier: entries in ledger order, release packages in the order of their entries, documents."""

    question: Question
    """The one that is told of; a dossier of a deployment answers several, one for each version."""
    questions: tuple[Question, ...]
    deployment: str
    """Name of the deployment that the dossier is about; empty: it is about a version."""
    entries: tuple[Recorded, ...]
    packages: tuple[bytes, ...]
    documents: tuple[str, ...]
    checkpoint: str
    witnessed: str
    """The newest checkpoint that witnesses cosigned; empty if there is none."""
    paths: dict[str, list[str]]
    """Audit path (hex) to the checkpoint, by the entry's place in eight digits."""
    attestations: dict[str, bytes]
    """Sigstore bundles of what was signed, by file name."""
    continuations: dict[str, list[str]]
    """Proofs (hex) that the ledger continues what was signed before, by the member which that stands in."""
    keys: tuple[PublicKey, ...]
    """Release keys of all trust roots, with which other tools verify what the house signed."""
    sealed: dict[str, bytes]
    """What people said, by digest, sealed: readable only while its key lives, and not in the dossier alone."""


def collect(context: Context, *questions: Question, deployment: str = "") -> Collected:
    """Collect what the ledger holds about questions; raise LookupError where nothing answers one of them yet."""
    ledger = context.house.ledger
    size = ledger.refresh()
    told = list(orders(context, [question.version for question in questions], deployment))
    names = {d.name for _, o in told for d in o.deployments if d.version in {q.version for q in questions}}
    kept = about(context, questions, names)
    answers = [each for _, each in sorted(kept.items()) if _answers(questions, each)]
    for question in questions:
        _require_answered(question, answers)
    released = [decode(SignedRelease, r.entry.body) for r in answers if r.entry.kind == "release.signed"]
    packages = tuple(context.house.blobs.get(release.package) for release in released)
    named = {name for each in answers for name in _named(each)} | {
        name for each in packages for name in _named_in(each)
    }
    kept |= {each.seq: each for each in _adopted(context, named)}
    kept |= {recorded.seq: recorded for recorded, _ in told}
    said = {name for each in kept.values() for name in texts(each.entry.body)}
    sealed = {name: content for name in sorted(said) if (content := _sealed(context, name)) is not None}
    kept |= {each.seq: each for each in _erasures(context, said - sealed.keys())}
    entries = tuple(kept[seq] for seq in sorted(kept) if seq < size)
    cosigned = witnessed(context, current_root(context), told, size)
    return Collected(
        question=questions[0],
        questions=questions,
        deployment=deployment,
        entries=entries,
        packages=packages,
        documents=documents(context),
        checkpoint=ledger.checkpoint(size),
        witnessed=cosigned,
        paths={f"{each.seq:08d}": [step.hex() for step in ledger.inclusion(each.seq, size)] for each in entries},
        attestations=attestations(entries, packages),
        continuations=continuations(ledger, packages, told, cosigned, size),
        keys=tuple(dict.fromkeys(key for _, root in context.history(TrustRoot) for key in root.keys(Duty.RELEASE))),
        sealed=sealed,
    )


def _require_answered(question: Question, answers: Sequence[Recorded]) -> None:
    if not any(_answers([question], each) for each in answers):
        msg = (
            f"nothing answers yet whether version {question.version} may {question.scope} {question.use_case!r} in "
            f"{question.environment!r}: ask first (muster gate decide), so that there is a decision to show"
        )
        raise LookupError(msg)


def _sealed(context: Context, name: str) -> bytes | None:
    """Return sealed words, or None where they were erased; raise KeyError where they are absent without that."""
    try:
        return context.house.vault.sealed(name)
    except Erased:
        return None


def _erasures(context: Context, names: set[str]) -> Iterator[Recorded]:
    """Yield the entries which say that sealed words were erased."""
    for recorded, erasure in context.history(Erasure):
        if names & set(erasure.sealed):
            yield recorded
    for recorded, done in context.history(RetentionRun):
        if names & set(done.removed):
            yield recorded


def _adopted(context: Context, named: set[str]) -> Iterator[Recorded]:
    """Yield the policies and libraries of these digests, and who proposed and signed such a policy."""
    for record_type in (Policy, Library):
        found = (recorded for recorded, _ in context.history(record_type))
        yield from (each for each in found if digest(canonical(each.entry.body)) in named)
    yield from (recorded for recorded, signed in context.history(SignedPolicy) if signed.policy in named)
    for recorded, proposed in context.history(ProposedPolicy):
        if digest(canonical(encode(proposed.policy))) in named:
            yield recorded


def _answers(questions: Sequence[Question], recorded: Recorded) -> bool:
    body, asked = recorded.entry.body, [encode(question) for question in questions]
    if recorded.entry.kind == "decision.made":
        return body["question"] in asked
    about_it = {name: body.get(name) for name in ("version", "use_case", "environment", "scope")}
    return recorded.entry.kind == "release.signed" and about_it in asked


def _named(recorded: Recorded) -> tuple[str, ...]:
    if recorded.entry.kind != "decision.made":
        return ()
    decision = decode(Decision, recorded.entry.body)
    return decision.policy, decision.library


def _named_in(package: bytes) -> tuple[str, ...]:
    _, release = read_statement(base64.b64decode(read_bundle(bundle_of(package)).payload), RELEASE)
    return release["policy"], release["library"]
