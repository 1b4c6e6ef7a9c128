"""Facts: what the records say about one question, sorted by kind, with approvals that were verified."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from muster.records.adoption.policies import PolicyApproval, SignedPolicy
from muster.records.canonical import canonical, digest
from muster.records.codec import decode, encode
from muster.records.data import DatasetVersion
from muster.records.decision import Approval, Question, Waiver
from muster.records.entry import LOCAL, Recorded
from muster.records.evidence import Evidence
from muster.records.governance.emergency import Emergency, SignedEmergency
from muster.records.governance.findings import ClosedFinding, OpenedFinding, ReopenedFinding
from muster.records.governance.signoffs import Delegation, EndedDelegation, MetCondition, WithdrawnSignOff
from muster.records.governance.waivers import WaiverRequest, WithdrawnWaiver
from muster.records.model import Compilation, ModelVersion, Run
from muster.records.policy import Library, Policy
from muster.records.purpose import UseCase
from muster.records.release import SignedRelease
from muster.records.trust import PolicySeat, TrustRoot
from muster.rules.envelope import Verify
from muster.rules.gate.adopted import policy_approval
from muster.rules.gate.memo import once
from muster.rules.gate.urgent import emergency_in
from muster.rules.signing.statements import APPROVAL, approval_in, delegation_in, rejection_in

__all__ = ["APPROVAL", "PLACES", "SIGNED", "WORDS", "Fact", "Facts", "age_key", "gather", "record_digest"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fact(Generic[T]):
    """A record with the digest of its entry, who made it, when, and whether they were only taken at their word."""

    record: T
    digest: str
    person: str
    local: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that the gate may know about a question."""

    use_cases: tuple[Fact[UseCase], ...] = ()
    versions: tuple[Fact[ModelVersion], ...] = ()
    runs: tuple[Fact[Run], ...] = ()
    compilations: tuple[Fact[Compilation], ...] = ()
    evidence: tuple[Fact[Evidence], ...] = ()
    approvals: tuple[Fact[Approval], ...] = ()
    waivers: tuple[Fact[Waiver], ...] = ()
    releases: tuple[Fact[SignedRelease], ...] = ()
    rejected: tuple[str, ...] = ()
    """Approvals that do not count, each with the reason."""
    strays: tuple[str, ...] = ()
    """Registrations that do not count, each with the reason."""
    policy_approvals: tuple[Fact[PolicyApproval], ...] = ()
    policy_seats: tuple[PolicySeat, ...] = ()
    """Who must have signed the policy, as the trust root says."""
    findings: tuple[Fact[OpenedFinding], ...] = ()
    finding_steps: tuple[Fact[ClosedFinding | ReopenedFinding], ...] = ()
    emergencies: tuple[Fact[Emergency], ...] = ()
    rejections: tuple[Fact[Approval], ...] = ()
    withdrawals: tuple[Fact[WithdrawnSignOff], ...] = ()
    conditions_met: tuple[Fact[MetCondition], ...] = ()
    delegations: tuple[Fact[Delegation], ...] = ()
    delegation_ends: tuple[Fact[EndedDelegation], ...] = ()
    waiver_requests: tuple[Fact[WaiverRequest], ...] = ()
    waiver_ends: tuple[Fact[WithdrawnWaiver], ...] = ()
    datasets: tuple[Fact[DatasetVersion], ...] = ()
    """What the version was trained on, and what that is a part of."""

    @property
    def authors(self) -> frozenset[str]:
        """Who trained or registered the version: nobody of them may sign it off."""
        return frozenset({fact.person for fact in self.versions} | {fact.person for fact in self.runs})

    def __or__(self, other: Facts) -> Facts:
        """Add the facts of another reading."""
        joined = {name: getattr(self, name) + getattr(other, name) for name in self.__slots__}
        return Facts(**joined | {"policy_seats": self.policy_seats or other.policy_seats})


def age_key(fact: Fact[Any]) -> tuple[datetime, str]:
    """Sort facts by age; the digest breaks ties, so that the order of records never matters."""
    return fact.at, fact.digest


PLACES: dict[str, tuple[type[Any], str]] = {
    "use-case.registered": (UseCase, "use_cases"),
    "model-version.registered": (ModelVersion, "versions"),
    "run.finished": (Run, "runs"),
    "model-version.compiled": (Compilation, "compilations"),
    "evidence.recorded": (Evidence, "evidence"),
    "waiver.granted": (Waiver, "waivers"),
    "waiver.requested": (WaiverRequest, "waiver_requests"),
    "waiver.withdrawn": (WithdrawnWaiver, "waiver_ends"),
    "approval.withdrawn": (WithdrawnSignOff, "withdrawals"),
    "condition.met": (MetCondition, "conditions_met"),
    "delegation.ended": (EndedDelegation, "delegation_ends"),
    "dataset.snapshotted": (DatasetVersion, "datasets"),
    "release.signed": (SignedRelease, "releases"),
    "finding.opened": (OpenedFinding, "findings"),
    "finding.closed": (ClosedFinding, "finding_steps"),
    "finding.reopened": (ReopenedFinding, "finding_steps"),
}


@once
def record_digest(record: Policy | Library) -> str:
    """Return the digest by which decisions and releases name a policy or a library."""
    return digest(canonical(encode(record)))


def gather(question: Question, entries: Iterable[Recorded], root: TrustRoot, verify: Verify) -> Facts:
    """Sort ledger entries into facts about a question; entries about anything else are passed over.

    An approval counts only if its envelope is signed with a key that the trust root gives to that approver, in that
    role.
    """
    found: dict[str, list[Fact[Any]]] = {}
    rejected: list[str] = []
    strays: list[str] = []
    for recorded in entries:
        kind = recorded.entry.kind
        if kind in SIGNED and (kind != "policy.signed" or root.policy_sign_offs):
            place, read = SIGNED[kind]
            try:
                found.setdefault(place, []).append(_fact(recorded, read(recorded, root, verify)))
            except (PermissionError, ValueError) as error:
                rejected.append(f"{WORDS[place]} in entry {recorded.seq} does not count: {error}")
        elif kind == "model-version.registered" and not _named_by_content(recorded):
            strays.append(f"entry {recorded.seq} registers a version under a name that is not its manifest's digest")
        elif kind in PLACES:
            record_type, place = PLACES[kind]
            found.setdefault(place, []).append(_fact(recorded, decode(record_type, recorded.entry.body)))
    kept = {place: tuple(fact for fact in facts if _concerns(question, fact.record)) for place, facts in found.items()}
    kept["runs"] = _runs_of(kept)
    kept["datasets"] = _lineage_of(kept)
    return Facts(**kept, rejected=tuple(rejected), strays=tuple(strays), policy_seats=root.policy_sign_offs)


def _named_by_content(recorded: Recorded) -> bool:
    body = recorded.entry.body
    return bool(body.get("digest") == digest(canonical(body.get("manifest"))))


def _fact(recorded: Recorded, record: T) -> Fact[T]:
    entry = recorded.entry
    return Fact(record, digest(recorded.raw), entry.person, entry.actor.startswith(LOCAL), entry.at)


def _policy_approval(recorded: Recorded, root: TrustRoot, verify: Verify) -> PolicyApproval:
    return policy_approval(decode(SignedPolicy, recorded.entry.body), root, verify)


def _emergency(recorded: Recorded, root: TrustRoot, verify: Verify) -> Emergency:
    return emergency_in(decode(SignedEmergency, recorded.entry.body), root, verify)


SIGNED: dict[str, tuple[str, Callable[[Recorded, TrustRoot, Verify], Any]]] = {
    "approval.signed": ("approvals", approval_in),
    "approval.rejected": ("rejections", rejection_in),
    "approval.delegated": ("delegations", delegation_in),
    "policy.signed": ("policy_approvals", _policy_approval),
    "emergency.signed": ("emergencies", _emergency),
}
WORDS = {
    "approvals": "an approval",
    "rejections": "a rejection",
    "delegations": "a delegation",
    "policy_approvals": "a signature of the policy",
    "emergencies": "leave for an emergency release",
}


def _concerns(question: Question, record: Any) -> bool:
    match record:
        case UseCase():
            return record.id == question.use_case
        case ModelVersion():
            return record.digest == question.version and record.use_case == question.use_case
        case Approval() | Emergency():
            return record.question == question
        case OpenedFinding() | ClosedFinding() | ReopenedFinding():
            return record.about in (f"version:{question.version}", f"use-case:{question.use_case}")
        case Delegation() | EndedDelegation():
            return record.use_case == question.use_case
        case Waiver() | WaiverRequest():
            return record.version == question.version and record.environment == question.environment
        case SignedRelease():
            return (record.version, record.use_case, record.environment, record.scope) == (
                question.version,
                question.use_case,
                question.environment,
                question.scope,
            )
        case Run() | PolicyApproval() | DatasetVersion():
            return True
        case _:
            return bool(record.version == question.version)


def _runs_of(kept: dict[str, tuple[Fact[Any], ...]]) -> tuple[Fact[Run], ...]:
    wanted = {fact.record.run for fact in kept.get("versions", ())}
    return tuple(fact for fact in kept.get("runs", ()) if fact.record.id in wanted)


def _lineage_of(kept: dict[str, tuple[Fact[Any], ...]]) -> tuple[Fact[DatasetVersion], ...]:
    """Return the entries of the training data, and of what it is a part of, however often each was handed in."""
    parents = {fact.record.digest: fact.record.parent for fact in kept.get("datasets", ())}
    line: set[str] = set()
    for start in {fact.record.training for fact in kept.get("versions", ())}:
        name = start
        while name and name not in line:
            line.add(name)
            name = parents.get(name, "")
    return tuple(fact for fact in kept.get("datasets", ()) if fact.record.digest in line)
