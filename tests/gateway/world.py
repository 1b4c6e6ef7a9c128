"""A small world for tests of the gateway: real keys, a real ledger tree, real packages and orders, a compiled model."""

from __future__ import annotations

import asyncio
import base64
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from muster.adapters.arrowlog.reader import ArrowLogReader
from muster.adapters.blobs import FolderBlobs
from muster.adapters.keys import KeyFile, verify
from muster.columns.compiler import compile_served
from muster.columns.forms import Linear
from muster.columns.plan import Encoding, Plan
from muster.gateway.admission.admissions import Admissions, Trust
from muster.gateway.admission.loading import Loader
from muster.gateway.admission.seen import SeenFile
from muster.ports.log import Log
from muster.records.canonical import canonical, digest
from muster.records.codec import encode, kind_of
from muster.records.data import Column, ColumnType
from muster.records.decision import Approval, Question, SignedApproval, Waiver
from muster.records.entry import Entry
from muster.records.evidence import Evidence, Figure, Outcome
from muster.records.model import Compilation, DecisionRule, Favourable, Manifest, ModelVersion, Recipe, Run
from muster.records.people import Role
from muster.records.policy import (
    Comparison,
    Control,
    Library,
    Limit,
    Meets,
    Policy,
    Requirement,
    Selector,
    SignOff,
)
from muster.records.purpose import UseCase
from muster.records.release import Deployment, Orders, ProvenEntry, Release, ReleasePackage
from muster.records.trust import Algorithm, Duty, KeyGrant, TrustRoot
from muster.rules.admission import RELEASE, package_bytes
from muster.rules.envelope import IN_TOTO, bundle_text, envelope_text, seal, statement
from muster.rules.gate.decide import record_digest
from muster.rules.gate.facts import APPROVAL
from muster.rules.merkle import Tree, leaf_hash
from muster.rules.note import Checkpoint, sign_checkpoint
from muster.rules.orders import sign_orders
from muster.rules.trust import fingerprint, sign_root

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ORIGIN = "bank.example/credit"

COLUMNS = (
    Column("income", ColumnType.NUMBER, minimum=0.0, maximum=100_000.0),
    Column("months", ColumnType.INTEGER, nullable=True, minimum=0.0, maximum=480.0),
    Column("job", ColumnType.CATEGORY, categories=("clerk", "smith", "weaver")),
)

POLICY = Policy(
    id="consumer-credit",
    environment="production",
    statement="Blind to age, and signed off.",
    applies_to=Selector(domains=("consumer-credit",)),
    requirements=(Requirement("no-age"), Requirement("discrimination")),
    sign_offs=(SignOff(Role.RISK_ANALYST),),
    library="muster",
)

LIBRARY = Library(
    "muster",
    (
        Control(
            "no-age",
            "Age is no input.",
            "fairness.prohibited_inputs",
            {"columns": ["age"]},
            Limit("prohibited_inputs", Comparison.EQUALS, 0, Meets.POINT),
        ),
        Control(
            "discrimination",
            "It tells good from bad.",
            "performance.discrimination",
            {},
            Limit("auc", Comparison.AT_LEAST, 0.7, Meets.INTERVAL),
        ),
    ),
)

USE_CASE = UseCase(
    "loans", "grant loans", "owner", "sponsor", "consumer-credit", True, 1000, 1e6, "EUR", "decides", ("EU",), "k", 1.0
)


def body(size: int = 1, **changes: Any) -> dict[str, Any]:
    """Return a good inference request of ``size`` rows; ``changes`` replaces the data of columns."""
    data = {"income": 30_000.0, "months": 12, "job": "clerk"}
    kinds = {"income": "FP64", "months": "INT64", "job": "BYTES"}
    return {
        "inputs": [
            {"name": name, "datatype": kinds[name], "shape": [size], "data": changes.get(name, [value] * size)}
            for name, value in data.items()
        ]
    }


@cache
def keys() -> dict[Duty, KeyFile]:
    """Make one key a duty, once for all tests of a process."""
    with tempfile.TemporaryDirectory() as folder:
        return {
            duty: KeyFile.create(
                Path(folder) / duty.value, Algorithm.ED25519 if duty is Duty.LEDGER else Algorithm.ECDSA_P256
            )
            for duty in Duty
        }


class World:
    """Control plane and outbox in a folder; everything in it can be made wrong on purpose."""

    def __init__(self, folder: Path, *, present: bool = False) -> None:
        self.folder = folder
        self.now = self.start = datetime.now(UTC) if present else NOW  # noqa: TID251 - a process has the real clock
        self.ticks = 0.0
        self.outbox = FolderBlobs(folder / "outbox")
        self.keys = keys()
        grants = tuple(
            KeyGrant(duty, key.key, *(("ann", (Role.RISK_ANALYST.value,)) if duty is Duty.APPROVER else ()))
            for duty, key in self.keys.items()
        )
        self.root = TrustRoot(1, ORIGIN, grants, 1, self.start - timedelta(days=1), self.start + timedelta(days=365))
        self.pinned = fingerprint(self.root)
        self.publish_root(self.root)
        self.tree = Tree()
        self.number = 0

    def publish_root(self, root: TrustRoot) -> None:
        grant = next(grant for grant in root.grants if grant.duty is Duty.ROOT)
        signed = sign_root(root, [(grant, self.keys[Duty.ROOT].sign)])
        self.outbox.publish(f"trust-root/{root.version}.json", signed.encode())

    def artifact(self, version: str, columns: Sequence[Column] = COLUMNS, bias: float = 0.0) -> bytes:
        """Compile a small linear model; its score falls with income."""
        encodings = [
            Encoding(column, categories=column.categories)
            if column.type is ColumnType.CATEGORY
            else Encoding(column, fill=1.0, mean=0.0, scale=10_000.0 if column.name == "income" else 100.0)
            for column in columns
        ]
        rule = DecisionRule(0.5, Favourable.BELOW)
        plan = Plan(version, "logistic-regression", tuple(encodings), rule)
        weights = np.linspace(-1.0, 1.0, plan.width)
        return compile_served(plan, Linear(weights, bias))

    def release(
        self,
        name: str = "loans",
        *,
        columns: Sequence[Column] = COLUMNS,
        policy: Policy = POLICY,
        bias: float = 0.0,
        author: str = "bob",
        auc: float = 0.8,
        prohibited: int = 0,
        waiver: str = "",
        life: timedelta = timedelta(days=90),
    ) -> Deployment:
        """Make a version, its evidence, sign-off, release, package and artifact; return a deployment of it."""
        manifest = Manifest(
            Recipe("logistic-regression", tuple(c.name for c in columns), "default", 1, {"bias": bias}),
            DecisionRule(0.5, Favourable.BELOW),
            tuple(columns),
            {"model.skops": digest(f"{name}{bias}".encode())},
        )
        version = digest(canonical(encode(manifest)))
        artifact = self.artifact(version, columns, bias)
        served = self.outbox.put(artifact)
        question = Question(version, "loans", policy.environment)
        evidence = [
            self._entry(self._evidence(version, "fairness.prohibited_inputs", {"columns": ["age"]}, prohibited), "bob"),
            self._entry(self._evidence(version, "performance.discrimination", {}, auc, auc - 0.01, auc + 0.01), "bob"),
        ]
        approval = Approval(
            question=question,
            approver="ann",
            role="risk-analyst",
            policy=record_digest(policy),
            library=record_digest(LIBRARY),
            evidence=tuple(digest(entry.to_bytes()) for entry in evidence),
            comment_digest="",
            signed_at=self.start,
        )
        sealed = seal(
            IN_TOTO,
            statement({"model-version": version}, APPROVAL, approval),
            [(self.keys[Duty.APPROVER].key, self.keys[Duty.APPROVER].sign)],
        )
        training = digest(b"training")
        entries = [
            self._entry(USE_CASE, "owner"),
            self._entry(policy, "ann"),
            self._entry(LIBRARY, "ann"),
            self._entry(Run("run-1", "loans", training, manifest.recipe, {}, {}), author),
            self._entry(ModelVersion(version, "loans", "loans", manifest, "run-1", training), author),
            self._entry(Compilation(version, served, "onnxruntime", 100, 10, 0, 0.0, digest(b"sample")), author),
            *evidence,
            self._entry(SignedApproval(version, envelope_text(sealed)), "ann"),
        ]
        if waiver:
            until = self.start + timedelta(days=30)
            granted = Waiver(version, waiver, policy.environment, "needed", "watched", until, "owner")
            entries.append(self._entry(granted, "ann"))
        package = self._package(question, served, policy, entries, life)
        return Deployment(name, "loans", policy.environment, "serve", version, served, self.outbox.put(package))

    def _entry(self, record: Any, actor: str) -> Entry:
        return Entry(kind_of(type(record)), record.subject, actor, self.start - timedelta(hours=1), encode(record))

    def _evidence(
        self,
        version: str,
        check: str,
        parameters: Any,
        value: float,
        low: float | None = None,
        high: float | None = None,
    ) -> Evidence:
        name = "auc" if check.endswith("discrimination") else "prohibited_inputs"
        figures = (Figure(name, value, 1000, low, high),)
        sample = digest(b"held-out")
        return Evidence(version, check, 1, parameters, sample, "held-out", "held-out", figures, Outcome.MEASURED)

    def _package(
        self, question: Question, served: str, policy: Policy, entries: Sequence[Entry], life: timedelta
    ) -> bytes:
        first = self.tree.size
        raws = [entry.to_bytes() for entry in entries]
        self.tree.extend(leaf_hash(raw) for raw in raws)
        release = Release(
            question,
            served,
            record_digest(policy),
            record_digest(LIBRARY),
            tuple(sorted(map(digest, raws))),
            self.checkpoint(),
            self.start,
            self.start + life,
        )
        about = {"model-version": question.version, "served-artifact": served}
        key = self.keys[Duty.RELEASE]
        bundle = bundle_text(seal(IN_TOTO, statement(about, RELEASE, release), [(key.key, key.sign)]))
        proven = tuple(
            ProvenEntry(
                first + place,
                base64.b64encode(raw).decode(),
                tuple(step.hex() for step in self.tree.inclusion(first + place, self.tree.size)),
            )
            for place, raw in enumerate(raws)
        )
        return package_bytes(ReleasePackage(bundle, proven))

    def checkpoint(self) -> str:
        key = self.keys[Duty.LEDGER]
        return sign_checkpoint(Checkpoint(ORIGIN, self.tree.size, self.tree.root()), key.key, key.sign)

    def order(self, *deployments: Deployment, signer: Duty = Duty.ORDERS, **changes: Any) -> str:
        """Issue the next orders and publish them; return their text."""
        self.number += 1
        orders = Orders(
            "default", self.number, self.now, self.now + timedelta(hours=24), deployments, (), self.checkpoint(), 1
        )
        key = self.keys[signer]
        text = sign_orders(replace(orders, **changes), [(key.key, key.sign)])
        self.outbox.publish("orders/default.json", text.encode())
        return text

    def admissions(self, log: Log, pinned: str = "", read: Any = None) -> Admissions:
        """Return a gateway's admissions on this outbox, with the state folder of this world."""
        from muster.adapters.onnx import OnnxPredictor

        trust = Trust(pinned or self.pinned, "default", verify, lambda: self.now, lambda: self.ticks)
        loader = Loader(self.outbox, read or OnnxPredictor.load, log, verify)
        return Admissions(trust, self.outbox, loader, SeenFile(self.folder / "state", "default"))

    def later(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)
        self.ticks += timedelta(**span).total_seconds()

    def logged(self, name: str = "loans", **options: Any) -> list[dict[str, Any]]:
        """Return the rows of the log in this world's folder."""
        batches = ArrowLogReader(self.folder / "log").batches(name, **options)
        return [row for batch in batches for row in batch.to_pylist()]


@dataclass
class Caller:
    """Calls an ASGI application without a server; ``told`` is what the operator was told."""

    gateway: Any
    told: list[str]

    def __call__(self, method: str, path: str, content: Any = b"", **headers: str) -> tuple[int, Any]:
        """Return the status and the JSON of the answer; ``content`` is bytes, chunks of bytes, or JSON values."""
        chunks = content if isinstance(content, list) else [content if isinstance(content, bytes) else jsonb(content)]
        messages = [
            {"type": "http.request", "body": chunk, "more_body": place < len(chunks)}
            for place, chunk in enumerate(chunks, 1)
        ]
        named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        sent: list[Any] = []

        async def receive() -> Any:
            return messages.pop(0) if messages else {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "method": method, "path": path, "headers": named}
        asyncio.run(self.gateway(scope, receive, send))
        return sent[0]["status"], json.loads(sent[1]["body"])

    def infer(self, content: Any, path: str = "/v2/models/loans/infer", **headers: str) -> tuple[int, Any]:
        """Ask for an inference."""
        return self("POST", path, content, **headers)


def jsonb(content: Any) -> bytes:
    """Write JSON."""
    return json.dumps(content).encode()
