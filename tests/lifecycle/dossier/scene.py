"""A house with a version in it: real ledger, real keys, real blobs; people act through the actions that they have."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.hearing import Heard
from tests.rules.scene import (
    ANALYST,
    AUTHOR,
    LIBRARY,
    MANIFEST,
    NOW,
    ORIGIN,
    POLICY,
    ROOT,
    USE_CASE,
    VERSION,
    auc,
    compilation,
    grant,
    inputs,
    key,
    waiver,
)

from muster.adapters.arrowlog.reader import ArrowLogReader
from muster.adapters.blobs import FolderBlobs
from muster.adapters.signatures import verify
from muster.adapters.sqlite.directory import SqliteDirectory
from muster.adapters.sqlite.ledger import SqliteLedger
from muster.adapters.vault.folder import FolderVault
from muster.lifecycle import release
from muster.lifecycle.desk.action import Upload
from muster.lifecycle.desk.context import Context, House, Identity
from muster.lifecycle.desk.roots import publish
from muster.lifecycle.dossier.write import write
from muster.lifecycle.govern import drafting, gate, signing
from muster.lifecycle.serve import deployments, orders
from muster.records.canonical import digest
from muster.records.data import Column, ColumnType, DatasetRole, DatasetVersion
from muster.records.evidence import Figure
from muster.records.governance.clauses import Clause, Confidence
from muster.records.model import ModelVersion, Run
from muster.records.people import Role
from muster.records.policy import Policy, Requirement
from muster.records.release import Revocation, SignedRelease
from muster.records.trust import Duty, TrustRoot
from muster.rules.envelope import IN_TOTO, envelope_text, seal
from muster.rules.gate.measured import WINDOW
from muster.rules.personal import salted
from muster.rules.trust import fingerprint, sign_root
from muster.wiring.signing import offer_of

TRAINING, SOURCE, ROWS = (digest(name) for name in (b"training", b"source", b"rows"))
LICENCE = "CC BY 4.0"
ROLES = frozenset(Role)
NOTED = replace(
    LIBRARY,
    controls=tuple(replace(control, clauses=("RMF MEASURE 2.11",)) for control in LIBRARY.controls),
    clauses=(Clause("RMF MEASURE 2.11", "Fairness is <measured>.", "NIST AI 100-1", "voluntary", Confidence.READ),),
    notice="Engineering input.",
    as_of="2026-11-23",
)
WATCHED = replace(POLICY, requirements=(*POLICY.requirements, Requirement("discrimination", sample_role=WINDOW)))


class Scene:
    """A control plane in a folder, at one moment that tests move."""

    def __init__(self, folder: Path) -> None:
        self.now = NOW
        ledger_key = key(Duty.LEDGER.value)
        self.ledger = SqliteLedger(
            folder / "ledger.sqlite",
            origin=ORIGIN,
            key=ledger_key.key,
            verify=verify,
            signer=ledger_key,
            seen=folder / "seen",
        )
        absent: Any = None
        self.root = replace(ROOT, grants=tuple(each for each in ROOT.grants if each.duty is not Duty.APPROVER))
        self.house = House(
            ledger=self.ledger,
            blobs=FolderBlobs(folder / "store"),
            outbox=FolderBlobs(folder / "outbox"),
            registry=absent,
            executor=absent,
            load=absent,
            log=ArrowLogReader(folder / "log"),
            vault=FolderVault(folder / "vault", lambda: self.now),
            directory=SqliteDirectory(folder / "directory.sqlite", lambda: self.now),
            signers={duty: key(duty.value) for duty in (Duty.RELEASE, Duty.ORDERS, Duty.LEDGER)},
            verify=verify,
            clock=lambda: self.now,
            fingerprint=fingerprint(self.root),
            notify=Heard(),
        )
        self.publish(self.root)

    def as_(self, name: str, *, local: bool = False) -> Context:
        return Context(self.house, Identity(name, ROLES, local), lambda _: None)

    def publish(self, root: TrustRoot) -> None:
        document = sign_root(root, [(grant(Duty.ROOT, "root"), key("root").sign)])
        publish(self.as_("admin"), Upload("next.json", document.encode()))
        self.root = root

    def enrol(self, use_cases: tuple[str, ...] = ()) -> None:
        approvers = tuple(replace(each, use_cases=use_cases) for each in ROOT.grants if each.duty is Duty.APPROVER)
        for each in approvers:
            self.as_(each.actor).record(offer_of(each.actor, ORIGIN, key(each.actor)))
        self.publish(replace(self.root, version=self.root.version + 1, grants=(*self.root.grants, *approvers)))

    def train(self, value: float = 0.8, policy: Policy = WATCHED) -> None:
        """Record everything that a gate asks for, by the author, but no sign-off."""
        columns = (Column("income", ColumnType.NUMBER),)
        source = DatasetVersion("loans", SOURCE, 900, DatasetRole.SOURCE, columns, ("age",), "a bank", LICENCE)
        parts = [
            replace(source, digest=name, role=role, parent=SOURCE, name=f"loans/{role.value}")
            for name, role in ((TRAINING, DatasetRole.TRAINING), (ROWS, DatasetRole.HELD_OUT))
        ]
        run = Run("run-1", "loans", TRAINING, MANIFEST.recipe, {"auc": value}, {"python": "3.11"}, "mlflow:abc")
        version = ModelVersion(VERSION, "loans-model", "loans", MANIFEST, "run-1", TRAINING, "mlflow:loans/1")
        served = self.house.blobs.put(b"served")
        self.as_("owner").record(USE_CASE)
        self.as_(ANALYST).record(NOTED, policy, replace(policy, id="unrelated", environment="staging"))
        measured = auc(value, method="DeLong <1988>")
        groups = tuple(Figure("share", n / 20, 50, group=f"AGE={n}") for n in range(20))
        author = self.as_(AUTHOR)
        author.record(source, *parts, run, version, compilation(served), inputs())
        author.record(replace(measured, figures=(*measured.figures, *groups)))
        author.record(replace(auc(), version=digest(b"another version")))

    def snapshot(self, digest: str) -> None:
        """Record a dataset version whose rows are in the store."""
        columns = (Column("income", ColumnType.NUMBER),)
        self.as_(AUTHOR).record(
            DatasetVersion("rows", digest, 4, DatasetRole.SOURCE, columns, ("age",), "a bank", LICENCE)
        )

    def sign_off(self, name: str = ANALYST, comment: str = "") -> None:
        words = salted(comment) if comment else None
        digest_of = words.commitment if words else ""
        asked = drafting.request(self.as_(name), VERSION, Role.RISK_ANALYST, comment_digest=digest_of)
        pen = key(name)
        sealed = seal(IN_TOTO, base64.b64decode(asked.statement), [(pen.key, pen.sign)])
        signing.submit(self.as_(name), envelope_text(sealed), words)

    def release(self) -> SignedRelease:
        return release.sign(self.as_("olga"), VERSION)

    def deploy(self) -> None:
        deployments.deploy(self.as_("olga"), "credit", VERSION)

    def watch(self, value: float = 0.8) -> None:
        self.as_("monitor", local=True).record(auc(value, sample_role=WINDOW, name="credit"))

    def revoke(self, package: str) -> Revocation:
        return release.revoke(self.as_(ANALYST), package, "complaints <b>")

    def waive(self) -> None:
        self.as_(ANALYST).record(waiver(expires=self.now + timedelta(days=9)))

    def decide(self) -> None:
        gate.gate_decide(self.as_("olga"), VERSION)

    def dossier(self, **asked: str) -> bytes:
        question = {"version": VERSION, "use_case": "loans", "environment": "production", **asked}
        return write(self.as_("auditor"), **question).content

    def close(self) -> None:
        self.house.directory.close()  # type: ignore[attr-defined]
        self.ledger.close()


def released(folder: Path) -> Scene:
    """Return a scene in which everything has happened: trained, signed, released, deployed, watched."""
    scene = Scene(folder)
    scene.train()
    scene.decide()
    scene.enrol()
    scene.sign_off()
    scene.decide()
    scene.release()
    scene.now += timedelta(hours=1)
    scene.deploy()
    orders.issue(scene.as_("olga"))
    scene.watch()
    return scene


def refused(folder: Path) -> Scene:
    """Return a scene whose version the gate refused."""
    scene = Scene(folder)
    scene.train(0.6)
    scene.decide()
    return scene
