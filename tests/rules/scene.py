"""A scene for tests of the rules: real keys in memory, real records, a real Merkle tree; each part can be exchanged."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from muster.adapters.keys import KeyFile
from muster.adapters.signatures import verify
from muster.records.canonical import canonical, digest
from muster.records.codec import encode, kind_of
from muster.records.decision import Approval, Decision, Finding, Question, SignedApproval, Waiver
from muster.records.entry import Entry, Recorded
from muster.records.evidence import Evidence, Figure, Outcome
from muster.records.governance.terms import Selector
from muster.records.model import Compilation, DecisionRule, Favourable, Manifest, ModelVersion, Recipe, Run
from muster.records.people import Role
from muster.records.policy import Comparison, Control, Library, Limit, Meets, Policy, Requirement, SignOff
from muster.records.purpose import UseCase
from muster.records.release import Deployment, Orders, ProvenEntry, Release, ReleasePackage
from muster.records.trust import Duty, KeyGrant, TrustRoot
from muster.rules.admission import RELEASE, package_bytes
from muster.rules.envelope import IN_TOTO, bundle_text, envelope_text, seal, statement
from muster.rules.gate.decide import decide, record_digest
from muster.rules.gate.facts import APPROVAL, gather
from muster.rules.merkle import Tree, leaf_hash
from muster.rules.note import Checkpoint, sign_checkpoint
from muster.rules.orders import sign_orders

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)
ORIGIN = "bank.example/credit"
AUTHOR, ANALYST, VALIDATOR = "bob", "ann", "vic"

USE_CASE = UseCase(
    "loans", "grant loans", "owner", "sponsor", "consumer-credit", True, 1000, 1e6, "EUR", "decides", ("EU",), "k", 1.0
)
MANIFEST = Manifest(
    Recipe("logistic-regression", ("income",), "default", 1, {}),
    DecisionRule(0.5, Favourable.BELOW),
    (),
    {"model.skops": digest(b"model")},
)
VERSION = digest(canonical(encode(MANIFEST)))
SERVED = digest(b"served")
QUESTION = Question(VERSION, "loans", "production")

AUC = Control(
    "discrimination", "It tells good from bad.", "auc-check", {}, Limit("auc", Comparison.AT_LEAST, 0.7, Meets.INTERVAL)
)
INPUTS = Control(
    "no-age",
    "Age is no input.",
    "inputs-check",
    {"columns": ["age"]},
    Limit("prohibited_inputs", Comparison.EQUALS, 0, Meets.POINT),
    waivable=False,
)
LIBRARY = Library("muster", (AUC, INPUTS))
POLICY = Policy(
    id="credit",
    environment="production",
    statement="Good, blind to age, and signed off.",
    applies_to=Selector(domains=("consumer-credit",)),
    requirements=(Requirement("discrimination"), Requirement("no-age")),
    sign_offs=(SignOff(Role.RISK_ANALYST),),
    library="muster",
)


LIFE = timedelta(days=POLICY.maximum_evidence_age_days)


@cache
def key(name: str) -> KeyFile:
    """Return the one key of this name; the ledger's is Ed25519."""
    return KeyFile(
        ed25519.Ed25519PrivateKey.generate() if name.startswith("ledger") else ec.generate_private_key(ec.SECP256R1())
    )


def grant(duty: Duty, name: str, *roles: Role) -> KeyGrant:
    return KeyGrant(duty, key(name).key, name if roles else "", tuple(role.value for role in roles))


ROOT = TrustRoot(
    1,
    ORIGIN,
    (
        *(grant(duty, duty.value) for duty in (Duty.ROOT, Duty.RELEASE, Duty.ORDERS, Duty.LEDGER)),
        grant(Duty.APPROVER, ANALYST, Role.RISK_ANALYST),
        grant(Duty.APPROVER, VALIDATOR, Role.RISK_ANALYST, Role.VALIDATOR),
        grant(Duty.APPROVER, AUTHOR, Role.RISK_ANALYST),
    ),
    1,
    NOW - timedelta(days=1),
    NOW + timedelta(days=365),
)


def entry(record: Any, actor: str = AUTHOR, at: datetime = NOW - timedelta(hours=1)) -> Entry:
    return Entry(kind_of(type(record)), record.subject, actor, at, encode(record))


def auc(value: float = 0.8, *, spread: float = 0.02, name: str = "held-out", **changes: Any) -> Evidence:
    figures = (Figure("auc", value, 1000, value - spread, value + spread),)
    found = Evidence(VERSION, "auc-check", 1, {}, digest(b"rows"), name, "held-out", figures, Outcome.MEASURED)
    return replace(found, **changes)


def inputs(count: int = 0) -> Evidence:
    figures = (Figure("prohibited_inputs", count, 5),)
    return Evidence(
        VERSION,
        "inputs-check",
        1,
        {"columns": ["age"]},
        digest(b"rows"),
        "held-out",
        "held-out",
        figures,
        Outcome.MEASURED,
    )


def compilation(served: str = SERVED, differing: int = 0) -> Compilation:
    return Compilation(VERSION, served, "onnxruntime", 100, 10, differing, 0.0, digest(b"rows"))


def waiver(
    control: str = "discrimination", asked: str = "owner", expires: datetime = NOW + timedelta(days=9)
) -> Waiver:
    return Waiver(VERSION, control, "production", "needed now", "weekly review", expires, asked)


FACTS_OF_THE_VERSION: tuple[Entry, ...] = (
    entry(USE_CASE, "owner"),
    entry(Run("run-1", "loans", digest(b"training"), MANIFEST.recipe, {}, {})),
    entry(ModelVersion(VERSION, "loans", "loans", MANIFEST, "run-1", digest(b"training"))),
    entry(compilation()),
    entry(auc()),
    entry(inputs()),
)


def approval(
    seen: Sequence[Entry] = FACTS_OF_THE_VERSION,
    *,
    by: str = ANALYST,
    signed_with: str = "",
    policy: Policy = POLICY,
    **changes: Any,
) -> Entry:
    """Return an approval of all evidence among ``seen``, signed with the key of ``by`` unless told otherwise."""
    evidence = tuple(digest(each.to_bytes()) for each in seen if each.kind == "evidence.recorded")
    said = Approval(
        QUESTION, by, Role.RISK_ANALYST.value, record_digest(policy), evidence, "", NOW, record_digest(LIBRARY)
    )
    said = replace(said, **changes)
    pen = key(signed_with or by)
    sealed = seal(IN_TOTO, statement({"model-version": said.question.version}, APPROVAL, said), [(pen.key, pen.sign)])
    return entry(SignedApproval(said.question.version, envelope_text(sealed)), by)


def record(entries: Iterable[Entry]) -> tuple[Recorded, ...]:
    return tuple(Recorded(seq, each, each.to_bytes()) for seq, each in enumerate(entries))


def complete() -> tuple[Entry, ...]:
    """Return entries that the policy allows."""
    return (*FACTS_OF_THE_VERSION, approval())


def asked(
    entries: Iterable[Entry],
    *,
    policy: Policy = POLICY,
    library: Library = LIBRARY,
    question: Question = QUESTION,
    root: TrustRoot = ROOT,
    now: datetime = NOW,
) -> Decision:
    """Gather and decide, and require that the verifier of dossiers, which has its own rules, decides the same."""
    from tests.verifier.agreeing import require_agreement

    entries = tuple(entries)
    decision = decide(policy, library, question, gather(question, record(entries), root, verify), now)
    require_agreement(decision, policy, library, entries, root)
    return decision


@dataclass
class Chain:
    """A ledger with a release resting on it; change a field, then build the package and its deployment."""

    entries: list[Entry] = field(default_factory=lambda: [*complete(), entry(POLICY, ANALYST), entry(LIBRARY, ANALYST)])
    policy: Policy = POLICY
    changes: dict[str, Any] = field(default_factory=dict)
    """Fields of the release that differ."""
    release_key: str = Duty.RELEASE.value
    ledger_key: str = Duty.LEDGER.value
    subjects: dict[str, str] | None = None
    left_out: frozenset[int] = frozenset()
    """Entries that the release names, but its package does not carry."""
    slipped_in: frozenset[int] = frozenset()
    """Entries that the package carries, but its release does not name."""

    @property
    def tree(self) -> Tree:
        tree = Tree()
        tree.extend(leaf_hash(each.to_bytes()) for each in self.entries)
        return tree

    def checkpoint(self) -> str:
        pen, tree = key(self.ledger_key), self.tree
        return sign_checkpoint(Checkpoint(ORIGIN, tree.size, tree.root()), pen.key, pen.sign)

    def release(self) -> Release:
        named = [each for seq, each in enumerate(self.entries) if seq not in self.slipped_in]
        release = Release(
            question=QUESTION,
            served=SERVED,
            policy=record_digest(self.policy),
            library=record_digest(LIBRARY),
            evidence=tuple(sorted(digest(each.to_bytes()) for each in named)),
            checkpoint=self.checkpoint(),
            issued_at=NOW,
            expires_at=NOW + timedelta(days=90),
        )
        return replace(release, **self.changes)

    def package(self) -> ReleasePackage:
        release, tree, pen = self.release(), self.tree, key(self.release_key)
        about = self.subjects or {"model-version": release.question.version, "served-artifact": release.served}
        sealed = seal(IN_TOTO, statement(about, RELEASE, release), [(pen.key, pen.sign)])
        proven = tuple(
            ProvenEntry(
                seq,
                base64.b64encode(each.to_bytes()).decode(),
                tuple(step.hex() for step in tree.inclusion(seq, tree.size)),
            )
            for seq, each in enumerate(self.entries)
            if seq not in self.left_out
        )
        return ReleasePackage(bundle_text(sealed), proven)

    def build(self, **deployment: Any) -> tuple[bytes, Deployment]:
        content = package_bytes(self.package())
        return content, deployed(content, **deployment)


def deployed(content: bytes, **changes: Any) -> Deployment:
    return replace(Deployment("credit", "loans", "production", "serve", VERSION, SERVED, digest(content)), **changes)


def orders(number: int = 1, *, signed_with: str = Duty.ORDERS.value, entries: int = 5, **changes: Any) -> str:
    """Return signed orders resting on a ledger of so many entries."""
    tree = Tree()
    tree.extend(leaf_hash(b"entry %d" % seq) for seq in range(entries))
    pen = key(Duty.LEDGER.value)
    note = sign_checkpoint(Checkpoint(ORIGIN, entries, tree.root()), pen.key, pen.sign)
    said = Orders("default", number, NOW, NOW + timedelta(hours=24), (), (), note, 1)
    return sign_orders(replace(said, **changes), [(key(signed_with).key, key(signed_with).sign)])


def finding(entries: Iterable[Entry], demand: str, **options: Any) -> Finding:
    """Return how one demand came out; MET where the gate has no complaint of that name."""
    found = {reason.demand: reason.finding for reason in asked(entries, **options).reasons}
    return found.get(demand, Finding.MET)


def without(*kinds: str) -> list[Entry]:
    """Return the complete entries but those of some kinds."""
    return [each for each in complete() if each.kind not in kinds]
