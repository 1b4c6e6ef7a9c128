"""A small world for tests of the gateway: real keys, a real ledger tree, real packages and orders, a compiled model."""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from tests.gateway.papers.written import COLUMNS, LIBRARY, RULE, Terms
from tests.hearing import Heard

from muster.adapters.arrowlog.reader import ArrowLogReader
from muster.adapters.blobs import FolderBlobs
from muster.adapters.keys import KeyFile
from muster.adapters.signatures import verify
from muster.columns.compiler import compile_served
from muster.columns.forms import Linear
from muster.columns.plan import Encoding, Plan
from muster.gateway.admission.admissions import Admissions
from muster.gateway.admission.channel import Trust
from muster.gateway.admission.loading import Loader
from muster.gateway.admission.seen import SeenFile
from muster.ports.log import Log
from muster.records.canonical import canonical, digest
from muster.records.codec import encode
from muster.records.data import Column, ColumnType
from muster.records.decision import Question
from muster.records.entry import Entry
from muster.records.people import Role
from muster.records.release import Deployment, Orders, ProvenEntry, Release, ReleasePackage
from muster.records.trust import Algorithm, Duty, KeyGrant, TrustRoot
from muster.rules.admission import RELEASE, package_bytes
from muster.rules.envelope import IN_TOTO, bundle_text, seal, statement
from muster.rules.gate.decide import record_digest
from muster.rules.merkle import Tree, leaf_hash
from muster.rules.note import Checkpoint, sign_checkpoint
from muster.rules.orders import GROWTH, Growth, sign_orders
from muster.rules.trust import fingerprint, sign_root

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ORIGIN = "bank.example/credit"


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
        self.sizes: list[int] = []
        self.heard = Heard()

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
        plan = Plan(version, "logistic-regression", tuple(encodings), RULE)
        weights = np.linspace(-1.0, 1.0, plan.width)
        return compile_served(plan, Linear(weights, bias))

    def release(self, name: str = "loans", **terms: Any) -> Deployment:
        """Make a version, its evidence, sign-off, release, package and artifact; return a deployment of it.

        ``terms`` are those of :class:`tests.gateway.papers.written.Terms`.
        """
        agreed = Terms(name, self.start, **terms)
        version = digest(canonical(encode(agreed.manifest)))
        served = self.outbox.put(self.artifact(version, agreed.columns, agreed.bias))
        question = Question(version, "loans", agreed.policy.environment, agreed.scope)
        approver = self.keys[Duty.APPROVER]
        entries = agreed.entries(question, served, (approver.key, approver.sign))
        package = self.outbox.put(self._package(question, served, agreed, entries))
        return Deployment(name, "loans", question.environment, question.scope, version, served, package)

    def _package(self, question: Question, served: str, terms: Terms, entries: Sequence[Entry]) -> bytes:
        first = self.tree.size
        raws = [entry.to_bytes() for entry in entries]
        self.tree.extend(leaf_hash(raw) for raw in raws)
        release = Release(
            question,
            served,
            record_digest(terms.policy),
            record_digest(LIBRARY),
            tuple(sorted(map(digest, raws))),
            self.checkpoint(),
            self.start,
            self.start + terms.life,
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
        self.outbox.publish(GROWTH.format("default"), canonical(encode(self.growth())))
        self.outbox.publish("orders/default.json", text.encode())
        return text

    def growth(self) -> Growth:
        """Show that the tree continues the trees of the orders before."""
        size = self.tree.size
        earlier = {known for known in self.sizes if known < size}
        self.sizes.append(size)
        return Growth(
            size, {str(old): tuple(step.hex() for step in self.tree.consistency(old, size)) for old in earlier}
        )

    def admissions(
        self, log: Log, pinned: str = "", read: Any = None, *, shared: bool = False, **trusted: Any
    ) -> Admissions:
        """Return a gateway's admissions on this outbox, with the state folder of this world."""
        from muster.adapters.onnx import OnnxPredictor

        clock, ticks = lambda: self.now, lambda: self.ticks
        trust = Trust(pinned or self.pinned, "default", verify, clock, ticks, notify=self.heard, **trusted)
        loader = Loader(self.outbox, read or OnnxPredictor.load, log, verify)
        return Admissions(trust, self.outbox, loader, SeenFile(self.folder / "state", "default", shared=shared))

    def later(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)
        self.ticks += timedelta(**span).total_seconds()

    def logged(self, name: str = "loans", **options: Any) -> list[dict[str, Any]]:
        """Return the rows of the log in this world's folder."""
        batches = ArrowLogReader(self.folder / "log").batches(name, **options)
        return [row for batch in batches for row in batch.to_pylist()]
