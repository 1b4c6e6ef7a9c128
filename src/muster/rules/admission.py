"""Admission: whether a gateway may load an artifact. It trusts the pinned root and nobody's word.

The order of proof: the release key signed the release; the ledger key signed its checkpoint; every entry that the
release names is in that checkpoint; policy and library are the ones named; approvals are signed with the approvers' own
keys; the gate, asked again here and now with these facts, allows; the deployment asks for just this; nothing has
expired or been revoked. Only then may the bytes with the digest ``release.served`` be loaded.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from operator import itemgetter
from typing import TypeVar

from muster.records.access.alert import Suspicious
from muster.records.canonical import canonical, digest, parse
from muster.records.codec import KINDS, decode, encode
from muster.records.decision import SETTLED, Decision, Question, Verdict
from muster.records.entry import Entry, Recorded
from muster.records.policy import Library, Policy
from muster.records.release import Deployment, ProvenEntry, Release, ReleasePackage
from muster.records.trust import Duty, TrustRoot
from muster.rules.envelope import IN_TOTO, Verify, open_envelope, read_bundle, read_statement
from muster.rules.gate.decide import decide
from muster.rules.gate.facts import Facts, gather
from muster.rules.merkle import leaf_hash, verify_inclusion
from muster.rules.note import open_checkpoint
from muster.rules.standing.grace import grace_of, graceless, served_until, within_grace

RELEASE = "urn:muster:attestation:release:v1"
"""Predicate type of releases."""

SKEW = timedelta(minutes=5)
"""How far clocks of control plane and gateway may differ before a release from the future is refused."""

HOUR = timedelta(hours=1)

Body = TypeVar("Body", Policy, Library)


@dataclass(frozen=True, slots=True)
class Admission:
    """A deployment that may serve until ``until``, and the decision that says so.

    ``until`` is the first moment at which asking again would refuse: the release, the trust root, the orders' leave for
    this deployment, or evidence or a waiver that it rests on has expired then, and the grace of its policy is over.
    """

    deployment: Deployment
    release: Release
    decision: Decision
    policy: Policy
    until: datetime
    ends: str = ""
    """What happens then, in words for the operator."""
    lapsed: str = ""
    """What the gate says now, where it refuses, and serving goes on for only as long as the policy gives people."""

    @property
    def in_grace(self) -> bool:
        """Whether it lapsed, and is served for as long only as its policy gives people to mend that."""
        return bool(self.lapsed)


def package_bytes(package: ReleasePackage) -> bytes:
    """Write a release package as the blob whose digest deployments name."""
    return canonical(encode(package))


def open_package(content: bytes, root: TrustRoot, verify: Verify) -> tuple[Release, tuple[Recorded, ...]]:
    """Return the release and its proven entries; raise PermissionError or ValueError where the proof fails."""
    package = decode(ReleasePackage, parse(content), "release package")
    payload = open_envelope(read_bundle(package.bundle), IN_TOTO, root.keys(Duty.RELEASE), verify)
    subjects, predicate = read_statement(payload, RELEASE)
    release = decode(Release, predicate, "release")
    if subjects != {"model-version": release.question.version, "served-artifact": release.served}:
        msg = "the release statement's subjects are not its version and served artifact"
        raise PermissionError(msg)
    checkpoint = open_checkpoint(release.checkpoint, root.origin, root.keys(Duty.LEDGER), verify)
    entries = tuple(_proven(entry, checkpoint.size, checkpoint.root) for entry in package.entries)
    _require_exactly(release, entries)
    return release, entries


def admit(
    content: bytes,
    deployment: Deployment,
    root: TrustRoot,
    verify: Verify,
    now: datetime,
    revoked: Collection[str] = (),
) -> Admission:
    """Prove that a deployment may serve here and now.

    Parameters
    ----------
    content
        The release package, whose digest must be the deployment's ``package``.
    revoked
        Digests of packages that the orders withdraw.

    Raises
    ------
    PermissionError
        With the reason, in words for the operator.
    """
    if digest(content) != deployment.package:
        msg = (
            f"the release package has digest {digest(content)}, the orders name {deployment.package}: it was exchanged"
        )
        raise Suspicious(msg, "package-exchanged")
    if deployment.package in revoked:
        msg = f"the release of {deployment.version} was revoked"
        raise PermissionError(msg)
    try:
        release, entries = open_package(content, root, verify)
        _require_match(deployment, release, now)
        policy = _named(Policy, release.policy, entries)
        library = _named(Library, release.library, entries)
        facts = _about_served(release, gather(release.question, entries, root, verify))
    except ValueError as error:
        msg = f"the release package cannot be read, so nothing is proven: {error}"
        raise PermissionError(msg) from error
    if release.expires_at - release.issued_at > timedelta(days=policy.release_life_days):
        msg = f"the release was signed for longer than the {policy.release_life_days:g} days that {policy.id} allows"
        raise PermissionError(msg)
    decide_at = partial(decide, policy, library, release.question, facts, packaged=True)
    decision, lapsed = _decided(policy, decide_at, release.issued_at, now)
    counted = served_until(policy, facts, decision)
    hours = f", {grace_of(policy) / HOUR:g} hours of grace by {policy.id} included" if grace_of(policy) else ""
    ends = [(release.expires_at, "the release expires"), (root.expires_at, "the trust root expires")]
    ends += [(min(counted), f"what the gate counts has expired{hours}")] if counted else []
    ends += [(deployment.until, "the orders give it no longer")] if deployment.until is not None else []
    return Admission(deployment, release, decision, policy, *min(ends, key=itemgetter(0)), lapsed)


def _decided(
    policy: Policy, decide_at: Callable[[datetime], Decision], issued_at: datetime, now: datetime
) -> tuple[Decision, str]:
    """Ask the gate; return its answer, or the last that allowed it, where the policy gives grace for what lapsed.

    The text says what lapsed; it is empty where nothing did.
    """
    decision = decide_at(now)
    if decision.verdict is Verdict.ALLOW:
        return decision, ""
    refused = next(r for r in decision.reasons if r.finding not in SETTLED)
    if (before := within_grace(policy, decision, decide_at, issued_at, now)) is not None:
        return before, f"{refused.demand}: {refused.explanation}"
    given = grace_of(policy) and not graceless(decision.reasons)
    over = f"; the {grace_of(policy) / HOUR:g} hours of grace that {policy.id} gives are over" if given else ""
    msg = f"the gate, asked again here, says {decision.verdict.value}: {refused.demand}: {refused.explanation}{over}"
    raise PermissionError(msg)


def library_in(release: Release, entries: tuple[Recorded, ...]) -> Library:
    """Return the library of controls that a release names, from the entries of its package."""
    return _named(Library, release.library, entries)


def _require_exactly(release: Release, entries: tuple[Recorded, ...]) -> None:
    """Refuse a package that leaves out an entry that was decided on, or slips one in that was not."""
    present = sorted(digest(recorded.raw) for recorded in entries)
    named = sorted(release.evidence)
    if absent := sorted(set(named) - set(present)):
        msg = f"the release rests on {len(named)} entries, {len(absent)} of which are not in its package ({absent[0]})"
        raise PermissionError(msg)
    if present != named:
        msg = f"the package holds {len(present)} entries, the release names {len(named)}: some were slipped in"
        raise PermissionError(msg)


def _about_served(release: Release, facts: Facts) -> Facts:
    """Keep only proofs of parity of the artifact to be served: one of another artifact proves nothing about it."""
    compilations = tuple(fact for fact in facts.compilations if fact.record.served == release.served)
    if not compilations:
        msg = f"no proof of parity is about the served artifact {release.served}"
        raise PermissionError(msg)
    return replace(facts, compilations=compilations)


def _require_match(deployment: Deployment, release: Release, now: datetime) -> None:
    asked = Question(deployment.version, deployment.use_case, deployment.environment, deployment.scope)
    if release.question != asked:
        msg = f"the release answers another question ({release.question}) than the deployment asks ({asked})"
        raise PermissionError(msg)
    if release.served != deployment.served:
        msg = f"the release is for artifact {release.served}, the deployment names {deployment.served}"
        raise PermissionError(msg)
    if now >= release.expires_at:
        msg = f"the release expired at {release.expires_at:%Y-%m-%d %H:%M:%S} UTC: assess again and sign a new one"
        raise PermissionError(msg)
    if deployment.until is not None and now >= deployment.until:
        msg = f"the orders let it be served until {deployment.until:%Y-%m-%d %H:%M:%S} UTC only: its grace is over"
        raise PermissionError(msg)
    if release.issued_at - now > SKEW:
        issued = f"{release.issued_at:%Y-%m-%d %H:%M:%S}"
        msg = f"the release was issued at {issued} UTC, in the future: check this machine's clock"
        raise PermissionError(msg)


def _proven(entry: ProvenEntry, size: int, root: bytes) -> Recorded:
    raw = base64.b64decode(entry.raw, validate=True)
    path = tuple(bytes.fromhex(step) for step in entry.path)
    if not verify_inclusion(leaf_hash(raw), entry.seq, size, path, root):
        msg = f"entry {entry.seq} is not in the ledger that the release names: it was changed or made up"
        raise PermissionError(msg)
    return Recorded(entry.seq, Entry.from_bytes(raw), raw)


def _named(record_type: type[Body], wanted: str, entries: tuple[Recorded, ...]) -> Body:
    for recorded in entries:
        if KINDS.get(recorded.entry.kind) is record_type and digest(canonical(recorded.entry.body)) == wanted:
            return decode(record_type, recorded.entry.body)
    msg = f"the release names a {record_type.__name__.lower()} {wanted} that is not in its package"
    raise PermissionError(msg)
