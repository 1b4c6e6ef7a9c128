"""A house in which one model version has walked all the way to a deployment; made once, copied for each test."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.hearing import Heard
from tests.remembered import RememberedRegistry

from muster.adapters.arrowlog.writer import ArrowLog
from muster.adapters.assets import asset
from muster.adapters.blobs import FolderBlobs
from muster.adapters.onnx import OnnxPredictor
from muster.adapters.signatures import verify
from muster.columns.tables import from_parquet, to_parquet
from muster.gateway.admission.admissions import Admissions, Trust
from muster.gateway.admission.loading import Loader
from muster.gateway.admission.seen import SeenFile
from muster.lifecycle.desk.action import Upload
from muster.lifecycle.desk.context import Context, House
from muster.lifecycle.desk.people import locally
from muster.ports.log import Log
from muster.records.canonical import canonical
from muster.records.codec import encode
from muster.records.data import DataContract
from muster.records.model import DecisionRule, Favourable, ModelVersion, Recipe, Run
from muster.records.people import Role
from muster.records.policy import Library, Policy, Requirement, SignOff
from muster.records.trust import Duty, KeyGrant
from muster.settings import read_settings
from muster.wiring import shipped
from muster.wiring.control import Local, close_house, open_house
from muster.wiring.founding import create_house
from muster.wiring.keyring import load_signer, new_key
from muster.wiring.signing import grant_key, offer_of, sign_statement

ROWS = 4000
USE_CASE = "consumer-credit"
INPUTS = ("LIMIT_BAL", "PAY_0", "PAY_2", "PAY_3", "BILL_AMT1", "PAY_AMT1")
RULE = DecisionRule(0.35, Favourable.BELOW)
TOLD = ("tokens", "parts", "version", "package", "served", "fingerprint")
"""What is remembered of the walk beside the files of the house."""
SECOND = "ines"
"""The second admin: whoever the first proposes for a role that signs off, she confirms."""
ACTORS = {"mia": "ml-engineer", "ana": "risk-analyst", "omar": "operator", "bob": "risk-analyst"}


@dataclass
class Now:
    """A clock that a test may set; and beside it one that only runs on, with the first unless a test says otherwise."""

    offset: timedelta = timedelta()
    ticking: timedelta | None = None
    """How far the second one has come; None: as far as the first."""

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.offset  # noqa: TID251 - the real clock, moved by the test

    def ticks(self) -> float:
        return (self() - self.offset + (self.offset if self.ticking is None else self.ticking)).timestamp()


@dataclass
class Walked:
    """The house on disk, who is in it, and what the walk made."""

    home: Path
    tokens: dict[str, str] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    version: str = ""
    package: str = ""
    served: str = ""
    fingerprint: str = ""
    clock: Now = field(default_factory=Now)
    opened: list[House] = field(default_factory=list)
    logs: list[ArrowLog] = field(default_factory=list)
    heard: Heard = field(default_factory=Heard)
    """Hears the alerts of gateways; those of the control plane are in its file."""

    def open(self) -> House:
        settings = read_settings({"home": self.home}, {})
        house = replace(open_house(settings, clock=self.clock), registry=RememberedRegistry())
        self.opened.append(house)
        return house

    @property
    def house(self) -> House:
        return self.opened[-1] if self.opened else self.open()

    def do(self, actor: str, action: str, /, **arguments: Any) -> Any:
        return Local(self.house, actor).call(action, arguments, lambda _: None)

    def add(self, actor: str, *roles: str, **asked: Any) -> str:
        """Let somebody in, with roles that the second admin confirms where they need that; return the token."""
        added = self.do("admin", "actor add", id=actor, roles=list(roles), **asked)
        for proposal in added.proposals:
            self.do(SECOND, "role confirm", proposal=proposal)
        self.tokens[actor] = added.token
        return str(added.token)

    def close(self) -> None:
        while self.opened:
            close_house(self.opened.pop())
        while self.logs:
            self.logs.pop().close()

    def key(self, actor: str) -> Path:
        return self.home / "keys" / f"{actor}.pem"

    def sign(self, actor: str, version: str = "", **asked: Any) -> Any:
        return self.do(actor, "approval submit", envelope=self.signed(actor, version, **asked))

    def signed(self, actor: str, version: str = "", **asked: Any) -> str:
        """Return the envelope of a sign-off, not handed in yet."""
        request = self.do(actor, "approval request", version=version or self.version, role="risk-analyst", **asked)
        return sign_statement(base64.b64decode(request.statement), self.key(actor))

    def enrol(self, actor: str) -> None:
        """Make a key for an approver, and publish the trust root that names it."""
        self.key(actor).unlink(missing_ok=True)
        public = new_key(self.key(actor), Duty.APPROVER, actor).public
        current = self.do("admin", "trust show").current
        grant = KeyGrant(Duty.APPROVER, public, actor, ("risk-analyst",))
        self.hand_in(actor)
        self.publish(grant_key(current, grant, self.home / "keys" / "root.pem"))

    def hand_in(self, actor: str) -> None:
        """Let an approver hand in the public half of their key."""
        made = offer_of(actor, "test.example/house", load_signer(self.key(actor)))
        self.do(actor, "key submit", public=encode(made.key), proof=made.proof)

    def publish(self, document: str, actor: str = "admin") -> Any:
        """Publish a signed trust root."""
        return self.do(actor, "trust publish", document=Upload("next.json", document.encode()))

    def context(self, actor: str = "mia", house: House | None = None) -> Context:
        """Return what an action is given, for tests that write what no action would."""
        return Context(house or self.house, locally(self.house.ledger, actor, self.clock()), lambda _: None)

    def sibling(self, threshold: float = 0.5, actor: str = "mia") -> str:
        """Register the same model with another threshold, which is another version, and nothing known about it."""
        context = self.context(actor)
        version = context.history(ModelVersion)[0][1]
        (_, run) = context.history(Run)[0]
        manifest = replace(version.manifest, decision=replace(RULE, threshold=threshold))
        name = context.house.blobs.put(canonical(encode(manifest)))
        run = replace(run, id=name[7:23])
        context.record(run, replace(version, digest=name, manifest=manifest, run=run.id))
        return name

    def gateway(self, pinned: str = "", log: Log | None = None) -> Admissions:
        """Return what a gateway follows the outbox by, with its state where the process would have it."""
        outbox = FolderBlobs(self.home / "outbox")
        pinned = pinned or self.fingerprint
        trust = Trust(pinned, "default", verify, self.clock, self.clock.ticks, notify=self.heard)
        if log is None:
            self.logs.append(log := ArrowLog(self.home / "log"))
        loader = Loader(outbox, OnnxPredictor.load, log, verify)
        return Admissions(trust, outbox, loader, SeenFile(self.home / "gateway", "default"))

    def alerts(self) -> list[str]:
        """Return the names of the alerts that the control plane raised, oldest first, whichever process it was."""
        file = self.home / "alerts.ndjson"
        return [json.loads(line)["what"] for line in file.read_text().splitlines()] if file.exists() else []

    def refusals(self) -> list[str]:
        """Return the reasons of refused attempts that were written down, oldest first."""
        return [line.body["reason"] for line in self.do("admin", "ledger show", kind="action.refused", last=99)]


def table() -> pa.Table:
    return from_parquet(asset("data/taiwan_credit_default.parquet")).slice(0, ROWS)


def policy() -> Policy:
    """The shipped policy, with limits that a small sample can meet and a model can miss."""
    shipped_policy = Policy(**_read(Policy, "policies/consumer-credit.yaml"))
    return replace(
        shipped_policy,
        requirements=(
            Requirement("no-prohibited-inputs-credit"),
            Requirement("discrimination", limit=0.65),
            Requirement("impact-ratio-sex", limit=0.7),
            Requirement("population-stability", limit=0.25, sample_role="window"),
            Requirement("impact-ratio-sex", limit=0.7, sample_role="window"),
        ),
        sign_offs=(SignOff(Role.RISK_ANALYST),),
    )


def _read(kind: Any, path: str) -> dict[str, Any]:
    from muster.records.codec import decode

    record = decode(kind, shipped.value(kind, path))
    return {name: getattr(record, name) for name in record.__slots__}


def recipe(*more: str) -> dict[str, Any]:
    return encode(Recipe("logistic-regression", (*INPUTS, *more), "default-payment-next-month", 1, {}))


def _found(home: Path) -> Walked:
    made = create_house(home, "test.example/house", "admin")
    walked = Walked(home, {"admin": made.token}, fingerprint=made.root)
    walked.tokens[SECOND] = walked.do("admin", "actor add", id=SECOND, roles=["admin"]).token
    for actor, role in ACTORS.items():
        walked.add(actor, role)
    for actor in ("ana", "bob"):
        walked.enrol(actor)
    return walked


def _walk(walked: Walked) -> None:
    from muster.records.purpose import UseCase

    do = walked.do
    do("mia", "use-case register", use_case=shipped.value(UseCase, "stories/consumer-credit.yaml"))
    do("ana", "library adopt", library=shipped.value(Library, "controls/controls.yaml"))
    do("ana", "policy adopt", policy=encode(policy()))
    contract = shipped.value(DataContract, "contracts/taiwan-credit-default.yaml")
    upload = Upload("taiwan.parquet", to_parquet(table()))
    whole = do(
        "mia", "dataset snapshot", table=upload, contract=contract, name="taiwan", source="UCI", licence="CC BY 4.0"
    )
    walked.parts = {part.role.value: part.digest for part in do("mia", "dataset split", dataset=whole.digest)}
    asked = {"use_case": USE_CASE, "model": "credit", "training": walked.parts["training"], "recipe": recipe()}
    walked.version = do("mia", "model train", **asked, decision=encode(RULE)).digest
    about = {"version": walked.version, "sample": walked.parts["held-out"]}
    do("mia", "model assess", **about)
    walked.served = do("mia", "model compile", **about).served
    do("mia", "model profile", version=walked.version, sample=walked.parts["validation"])
    walked.sign("ana")
    walked.package = do("mia", "release sign", version=walked.version).package
    do("omar", "deployment set", name="credit", version=walked.version)


@cache
def _made(shared: Path) -> Walked:
    """Make the house, or take the one that another worker of this test run has made."""
    home, told = shared / "walked" / "house", shared / "walked.json"
    with (shared / "walked.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if not told.exists():
            home.parent.mkdir()
            made = _found(home)
            _walk(made)
            made.close()
            told.write_text(json.dumps({name: getattr(made, name) for name in TOLD}))
    return Walked(home, **json.loads(told.read_text()))


@pytest.fixture(scope="session")
def _walked_template(tmp_path_factory: pytest.TempPathFactory) -> Walked:
    base = tmp_path_factory.getbasetemp()
    return _made(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base)


@pytest.fixture
def walked(_walked_template: Walked, tmp_path: Path) -> Iterator[Walked]:
    """A house of its own for each test, in which the walk is done."""
    home = tmp_path / "walked"
    shutil.copytree(_walked_template.home, home)
    copy = replace(_walked_template, home=home, clock=Now(), opened=[], logs=[], heard=Heard())
    yield copy
    copy.close()
