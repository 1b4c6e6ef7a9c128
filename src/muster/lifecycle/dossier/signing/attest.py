"""Attest: the house signs, in the words of other tools, what its ledger holds about a version."""

from __future__ import annotations

import hashlib
import json
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from muster.lifecycle.desk.action import action
from muster.lifecycle.desk.asking import find_version
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.roots import current_root
from muster.lifecycle.dossier.signing.statements import (
    MODEL,
    PROVENANCE,
    SUMMARY,
    TEST_RESULT,
    basis_of,
    model,
    provenance,
    summary,
    test_result,
)
from muster.lifecycle.dossier.story import judged
from muster.records.canonical import canonical, digest
from muster.records.codec import encode, stamp
from muster.records.decision import Decision
from muster.records.entry import Recorded
from muster.records.governance.attestation import HouseAttestation, SignedModel
from muster.records.model import ModelVersion, Run
from muster.records.people import Role
from muster.records.release import SignedRelease
from muster.records.trust import Duty, PublicKey, TrustRoot
from muster.rules.envelope import BUNDLE, IN_TOTO, envelope_text, seal, statement

Stated = tuple[Recorded, str, dict[str, Any]]
"""The entry that a statement is about, its predicate type, its predicate."""


@dataclass(frozen=True, slots=True)
class Attested:
    """What was signed now."""

    about: str
    """Kind of the entry that is attested."""
    entry: int
    """Its place in the ledger."""
    statement: str
    """Predicate type: what other tools know it by."""


@action("dossier attest", roles=(Role.ML_ENGINEER, Role.RISK_ANALYST, Role.OPERATOR, Role.AUDITOR))
def attest(context: Context, version: str) -> tuple[Attested, ...]:
    """Sign, as the house, what the ledger holds about a version, for tools that read in-toto and Sigstore.

    Decisions and releases become test results and verification summaries, training runs SLSA provenance, the model's
    files a signature of OpenSSF Model Signing. What was attested before is not attested again. It is signed now, by the
    release key, and says of itself when it happened; dossiers hold all of it.

    Raises
    ------
    LookupError
        If the version is not known.
    """
    basis = context.basis()
    found = find_version(context, version)
    subject = f"version:{found.digest}"
    done = {(made.about, made.predicate_type) for _, made in context.history(HouseAttestation, subject)}
    records: list[HouseAttestation | SignedModel] = []
    told = []
    for recorded, kind, predicate in _stated(context, found):
        about = digest(recorded.raw)
        if (about, kind) not in done:
            sealed = _sealed(context, {"model-version": found.digest}, kind, predicate)
            records.append(HouseAttestation(found.digest, about, kind, sealed))
            told.append(Attested(recorded.entry.kind, recorded.seq, kind))
    if found.manifest.files and not context.history(SignedModel, subject):
        registered = context.history(ModelVersion, subject)[-1][0]
        records.append(SignedModel(found.digest, _signature(context, found)))
        told.append(Attested(registered.entry.kind, registered.seq, MODEL))
    if not records:
        context.progress("everything that there is to attest was attested before")
    else:
        context.record(*records, expect=basis)
    return tuple(told)


def pem(key: PublicKey) -> str:
    """Write a public key as other tools take it (RFC 7468)."""
    lines = "\n".join(textwrap.wrap(key.spki, 64))
    return f"-----BEGIN PUBLIC KEY-----\n{lines}\n-----END PUBLIC KEY-----\n"


def _stated(context: Context, version: ModelVersion) -> Iterator[Stated]:
    subject = f"version:{version.digest}"
    for recorded, _ in context.history(Run, f"run:{version.run}"):
        yield recorded, PROVENANCE, provenance(recorded.entry.body, stamp(recorded.entry.at))
    for recorded, decision in context.history(Decision, subject):
        rested = [name for reason in decision.reasons for name in reason.evidence]
        yield from _decided(recorded, decision, rested)
    current_root(context)  # the chain must hold before anything is signed in its name
    for recorded, signed in context.history(SignedRelease, subject):
        content = context.house.blobs.get(signed.package)
        decision, release = judged(content, _root_then(context, recorded.seq), context.house.verify)
        yield from _decided(recorded, decision, release.evidence)


def _decided(recorded: Recorded, decision: Decision, rested: Any) -> Iterator[Stated]:
    basis = basis_of(decision.policy, decision.library, tuple(rested))
    demands = [(reason.demand, reason.finding.value) for reason in decision.reasons]
    asked = encode(decision.question)
    yield recorded, TEST_RESULT, test_result(demands, basis)
    yield recorded, SUMMARY, summary(asked, decision.verdict.value, decision.rules, stamp(decision.at), basis)


def _root_then(context: Context, seq: int) -> TrustRoot:
    return next(root for recorded, root in reversed(context.history(TrustRoot)) if recorded.seq < seq)


def _sealed(context: Context, subjects: dict[str, str], kind: str, predicate: dict[str, Any]) -> str:
    signer = context.house.signers[Duty.RELEASE]
    return envelope_text(seal(IN_TOTO, statement(subjects, kind, predicate), [(signer.key, signer.sign)]))


def _signature(context: Context, version: ModelVersion) -> str:
    """Return ``model.sig``: its key is named by the digest of its PEM form, as the tools of that format ask."""
    signer = context.house.signers[Duty.RELEASE]
    root, predicate = model(version.manifest.files)
    envelope = json.loads(_sealed(context, {version.model: root}, MODEL, predicate))
    hint = hashlib.sha256(pem(signer.key).encode()).hexdigest()
    material = {"publicKey": {"hint": hint}, "tlogEntries": []}
    content = {"mediaType": BUNDLE, "verificationMaterial": material, "dsseEnvelope": envelope}
    return canonical(content).decode()
