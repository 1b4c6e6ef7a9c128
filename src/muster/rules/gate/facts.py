"""Facts: what the records say about one question, sorted by kind, with approvals that were verified."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from muster.records.adoption.policies import PolicyApproval, SignedPolicy
from muster.records.canonical import canonical, digest
from muster.records.codec import decode, encode
from muster.records.decision import Approval, Question, SignedApproval, Waiver
from muster.records.entry import LOCAL, Recorded
from muster.records.evidence import Evidence
from muster.records.model import Compilation, ModelVersion, Run
from muster.records.policy import Library, Policy
from muster.records.purpose import UseCase
from muster.records.release import SignedRelease
from muster.records.trust import Duty, KeyGrant, PolicySeat, TrustRoot
from muster.rules.envelope import IN_TOTO, Verify, open_envelope, read_envelope, read_statement
from muster.rules.gate.adopted import policy_approval
from muster.rules.gate.memo import once

APPROVAL = "urn:muster:attestation:approval:v1"
"""Predicate type of approvals; none of the in-toto project's own fits."""

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
    "release.signed": (SignedRelease, "releases"),
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
        if kind == "approval.signed" or (kind == "policy.signed" and root.policy_sign_offs):
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
    return Facts(**kept, rejected=tuple(rejected), strays=tuple(strays), policy_seats=root.policy_sign_offs)


def _named_by_content(recorded: Recorded) -> bool:
    body = recorded.entry.body
    return bool(body.get("digest") == digest(canonical(body.get("manifest"))))


def _fact(recorded: Recorded, record: T) -> Fact[T]:
    entry = recorded.entry
    return Fact(record, digest(recorded.raw), entry.person, entry.actor.startswith(LOCAL), entry.at)


def _approval(recorded: Recorded, root: TrustRoot, verify: Verify) -> Approval:
    envelope = read_envelope(decode(SignedApproval, recorded.entry.body).envelope)
    grants = [grant for grant in root.grants if grant.duty is Duty.APPROVER]
    payload = open_envelope(envelope, IN_TOTO, [grant.key for grant in grants], verify)
    subjects, predicate = read_statement(payload, APPROVAL)
    approval = decode(Approval, predicate, "approval")
    _require_here(approval, root)
    own = _holders(approval, grants)
    open_envelope(envelope, IN_TOTO, [grant.key for grant in own], verify)
    if subjects.get("model-version") != approval.question.version:
        msg = "the statement is about another version than its approval"
        raise ValueError(msg)
    return approval


def _require_here(approval: Approval, root: TrustRoot) -> None:
    """Refuse an approval that names another house; the first ones named none, but evidence that is in theirs only."""
    if approval.origin and approval.origin != root.origin:
        msg = f"{approval.approver} signed for the house {approval.origin!r}, this one is {root.origin!r}"
        raise PermissionError(msg)


def _policy_approval(recorded: Recorded, root: TrustRoot, verify: Verify) -> PolicyApproval:
    return policy_approval(decode(SignedPolicy, recorded.entry.body), root, verify)


SIGNED: dict[str, tuple[str, Callable[[Recorded, TrustRoot, Verify], Any]]] = {
    "approval.signed": ("approvals", _approval),
    "policy.signed": ("policy_approvals", _policy_approval),
}
WORDS = {"approvals": "an approval", "policy_approvals": "a signature of the policy"}


def _holders(approval: Approval, grants: list[KeyGrant]) -> list[KeyGrant]:
    """Return the grants by which the approver may sign in this role about this use case."""
    own = [grant for grant in grants if grant.actor == approval.approver and approval.role in grant.roles]
    if not own:
        msg = f"the trust root gives {approval.approver!r} no key for the role {approval.role}"
        raise PermissionError(msg)
    use_case = approval.question.use_case
    if covering := [grant for grant in own if not grant.use_cases or use_case in grant.use_cases]:
        return covering
    msg = f"the trust root lets {approval.approver!r} sign off other use cases than {use_case!r} only"
    raise PermissionError(msg)


def _concerns(question: Question, record: Any) -> bool:
    match record:
        case UseCase():
            return record.id == question.use_case
        case ModelVersion():
            return record.digest == question.version and record.use_case == question.use_case
        case Approval():
            return record.question == question
        case Waiver():
            return record.version == question.version and record.environment == question.environment
        case SignedRelease():
            return (record.version, record.use_case, record.environment, record.scope) == (
                question.version,
                question.use_case,
                question.environment,
                question.scope,
            )
        case Run() | PolicyApproval():
            return True
        case _:
            return bool(record.version == question.version)


def _runs_of(kept: dict[str, tuple[Fact[Any], ...]]) -> tuple[Fact[Run], ...]:
    wanted = {fact.record.run for fact in kept.get("versions", ())}
    return tuple(fact for fact in kept.get("runs", ()) if fact.record.id in wanted)
