"""Release: a positive decision is signed, with everything that a gateway needs to convince itself."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from muster.lifecycle.desk.action import action, view
from muster.lifecycle.desk.asking import Asked, ask, find_version, one_of, refusal, require_heard
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.posture.board import standing_of
from muster.lifecycle.desk.roots import current_root
from muster.ports.ledger import Conflict
from muster.records.canonical import digest
from muster.records.decision import Question, Verdict
from muster.records.entry import Basis, Recorded
from muster.records.people import Role
from muster.records.release import ProvenEntry, Release, ReleasePackage, Revocation, SignedRelease
from muster.records.trust import Duty
from muster.rules.admission import RELEASE, package_bytes
from muster.rules.envelope import IN_TOTO, bundle_text, seal, statement
from muster.rules.gate.decide import decide, record_digest
from muster.rules.gate.people.emergency import due_in
from muster.rules.note import open_checkpoint

RELEASERS = (Role.ML_ENGINEER, Role.RISK_ANALYST, Role.OPERATOR)

KINDS_KEPT = frozenset(
    {
        "use-case.registered",
        "model-version.registered",
        "run.finished",
        "model-version.compiled",
        "evidence.recorded",
        "approval.signed",
        "waiver.granted",
        "policy.adopted",
        "policy.signed",
        "library.adopted",
        "approval.rejected",
        "approval.withdrawn",
        "approval.delegated",
        "delegation.ended",
        "condition.met",
        "waiver.requested",
        "waiver.withdrawn",
        "dataset.snapshotted",
        "emergency.signed",
        "finding.opened",
        "finding.closed",
        "finding.reopened",
    }
)
"""Kinds of entries that a gate reads, so that a gateway can ask it again."""


@dataclass(frozen=True, slots=True)
class Posture:
    """How one release stands today."""

    version: str
    use_case: str
    environment: str
    scope: str
    package: str
    state: str
    reasons: tuple[str, ...]
    until: datetime
    emergency: str = ""
    """Why it was released before its sign-offs; gateways stop serving it when their time is over."""


@action("release sign", roles=RELEASERS)
def sign(
    context: Context,
    version: str,
    environment: str = "production",
    scope: str = "serve",
    *,
    emergency: bool = False,
    reason: str = "",
) -> SignedRelease:
    """Ask the gate, and if it allows, sign a release that gateways can prove for themselves.

    Parameters
    ----------
    emergency
        Release it before its sign-offs: somebody whom the policy names has signed for that (muster emergency sign).
        Gateways stop serving it when the time for the sign-offs is over.
    reason
        Why it cannot wait, for an emergency release.

    Raises
    ------
    PermissionError
        If the gate does not allow it, with all that is open; or if one was revoked after people signed it off.
    """
    found = find_version(context, version)
    question = Question(found.digest, found.use_case, environment, scope)
    basis = context.basis()
    asked = ask(context, question)
    if asked.decision.verdict is not Verdict.ALLOW:
        raise PermissionError(refusal(asked.decision))
    _require_signed_since(context, asked)
    due = _emergency_until(asked, emergency=emergency, reason=reason)
    if not asked.facts.compilations:
        msg = f"there is nothing to serve yet: muster model compile {found.digest[:19]} DATASET makes it"
        raise ValueError(msg)
    checkpoint = _own_checkpoint(context, basis, asked)
    now = context.house.clock()
    release = Release(
        question=question,
        served=max(asked.facts.compilations, key=lambda fact: (fact.at, fact.digest)).record.served,
        policy=record_digest(asked.policy),
        library=record_digest(asked.library),
        evidence=tuple(sorted(digest(recorded.raw) for recorded in _rested_on(asked))),
        checkpoint=checkpoint,
        issued_at=now,
        expires_at=min((now + timedelta(days=asked.policy.release_life_days), *due)),
    )
    if any(recorded.seq >= basis.size for recorded in asked.entries):
        msg = "the ledger grew while the release was being prepared"
        raise Conflict(msg)
    package = _package(context, release, asked, basis.size)
    stored = context.house.blobs.put(package)
    signed = SignedRelease(found.digest, found.use_case, environment, scope, stored, release.expires_at, reason.strip())
    context.record(signed, expect=basis)
    return signed


@action("release revoke", roles=(Role.RISK_ANALYST, Role.OPERATOR))
def revoke(context: Context, package: str, reason: str) -> Revocation:
    """Withdraw a release for good; the next orders tell every gateway. Issue them with `muster orders issue`.

    Parameters
    ----------
    package
        Digest of the release package, or its beginning, as `muster release list` shows it.
    """
    known = {release.package: release for _, release in context.history(SignedRelease)}
    found = one_of(known, package, "release package", "muster release list")
    revocation = Revocation(found.version, found.package, reason)
    context.record(revocation)
    return revocation


@view("release list")
def listed(context: Context) -> tuple[Posture, ...]:
    """List releases and how each stands today: in force, lapsed (with reasons), expired or revoked."""
    context.house.ledger.refresh()
    return tuple(_posture(context, release) for _, release in context.history(SignedRelease))


def _emergency_until(asked: Asked, *, emergency: bool, reason: str) -> tuple[datetime, ...]:
    """Return by when the sign-offs of an emergency release are due, empty for an ordinary one.

    Nobody makes the one for want of a word: what rests on an emergency statement must be asked for as such.
    """
    due = due_in(asked.policy, asked.facts, asked.decision)
    if due and not emergency:
        msg = (
            f"its sign-offs are missing, and {asked.decision.question.version} may be released in an emergency only: "
            "muster release sign --emergency --reason TEXT"
        )
        raise PermissionError(msg)
    if emergency and not due:
        msg = "everybody has signed: sign an ordinary release, without --emergency"
        raise ValueError(msg)
    if bool(reason.strip()) != emergency:
        msg = (
            "an emergency release says why it cannot wait: --reason TEXT"
            if emergency
            else ("a reason goes with an emergency release (--emergency); an ordinary one needs none")
        )
        raise ValueError(msg)
    return due


def _require_signed_since(context: Context, asked: Asked) -> None:
    """Refuse to release again what was revoked, on the sign-offs of before: whoever gave them did not know why.

    What is done in local mode is refused first, where the policy does not count that.
    """
    require_heard(context, [asked.policy])
    packages = {fact.record.package for fact in asked.facts.releases}
    gone = [
        (recorded.entry.at, said)
        for recorded, said in context.history(Revocation, f"version:{asked.decision.question.version}")
        if said.package in packages
    ]
    if not gone:
        return
    (at, said), facts = gone[-1], asked.facts
    since = replace(
        facts,
        approvals=tuple(fact for fact in facts.approvals if fact.at > at),
        emergencies=tuple(fact for fact in facts.emergencies if fact.at > at),
    )
    knowing = decide(asked.policy, asked.library, asked.decision.question, since, context.house.clock())
    if knowing.verdict is not Verdict.ALLOW:
        msg = (
            f"its release was revoked on {at:%Y-%m-%d %H:%M} ({said.reason}), and too few people have signed since: "
            "they sign it off again, knowing that, or others do (muster sign-off)"
        )
        raise PermissionError(msg)


def _own_checkpoint(context: Context, basis: Basis, asked: Asked) -> str:
    """Return the checkpoint to rest on, signed by the ledger key of today.

    One that a former key signed would be refused once that key is withdrawn. Then the decision is recorded, which makes
    a new checkpoint, and Conflict is raised, so that it is decided again.
    """
    house = context.house
    checkpoint = house.ledger.checkpoint(basis.size)
    try:
        open_checkpoint(checkpoint, current_root(context).origin, [house.signers[Duty.LEDGER].key], house.verify)
    except PermissionError:
        context.record(asked.decision, expect=basis)
        msg = "the newest checkpoint was signed by a former ledger key"
        raise Conflict(msg) from None
    return checkpoint


def _rested_on(asked: Asked) -> tuple[Recorded, ...]:
    return tuple(recorded for recorded in asked.entries if recorded.entry.kind in KINDS_KEPT)


def _package(context: Context, release: Release, asked: Asked, size: int) -> bytes:
    house = context.house
    signer = house.signers[Duty.RELEASE]
    about = {"model-version": release.question.version, "served-artifact": release.served}
    envelope = seal(IN_TOTO, statement(about, RELEASE, release), [(signer.key, signer.sign)])
    entries = tuple(
        ProvenEntry(
            recorded.seq,
            base64.b64encode(recorded.raw).decode(),
            tuple(step.hex() for step in house.ledger.inclusion(recorded.seq, size)),
        )
        for recorded in _rested_on(asked)
    )
    return package_bytes(ReleasePackage(bundle_text(envelope), entries))


def _posture(context: Context, release: SignedRelease) -> Posture:
    found = standing_of(context, release)
    return Posture(
        release.version,
        release.use_case,
        release.environment,
        release.scope,
        release.package,
        found.state.value,
        found.reasons,
        found.until,
        release.emergency,
    )
