"""The walk of a model version by the command line, in local mode, with a true MLflow registry: what people type."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from tests.walk import INPUTS, SECOND, policy, table

from muster.cli.main import run
from muster.records.canonical import canonical
from muster.records.codec import encode
from muster.wiring import shipped

ACTORS = {"mia": "ml-engineer", "ana": "risk-analyst", "omar": "operator"}


@dataclass
class Typed:
    """Somebody at a terminal."""

    home: Path
    files: Path
    capfd: pytest.CaptureFixture[str]

    def __call__(self, actor: str, *words: str, code: int = 0) -> str:
        """Type a command; return what it prints, having looked at its exit code."""
        self.capfd.readouterr()
        found = run([*words, "--home", str(self.home), *(["--as", actor] if actor else [])])
        said = self.capfd.readouterr()
        assert found == code, said.err
        assert "Traceback" not in said.err
        return said.out if code == 0 else said.out + said.err

    def json(self, actor: str, *words: str) -> Any:
        return json.loads(self(actor, *words, "--json"))

    def file(self, name: str, content: bytes) -> str:
        path = self.files / name
        path.write_bytes(content)
        return str(path)


@pytest.fixture
def typed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Typed:
    typed = Typed(tmp_path / "house", tmp_path, capfd)
    assert "fingerprint" in typed("", "init", "--origin", "test.example/walk") or typed.home.is_dir()
    for actor, role in {SECOND: "admin", **ACTORS}.items():
        assert "muster_" in typed("admin", "actor", "add", actor, "--roles", role)
    assert "in force" in typed(SECOND, "role", "confirm", "ana:risk-analyst:1")
    key = str(tmp_path / "ana.pem")
    typed("ana", "key", "new", key, "--actor", "ana")
    typed("ana", "key", "offer", key)
    typed("admin", "trust", "enrol", "--offer", "ana", "--roles", "risk-analyst")
    return typed


def take_in(typed: Typed) -> dict[str, str]:
    """Register, adopt, snapshot and split; return the parts' digests by role."""
    assert "high" in typed("mia", "use-case", "register", typed.file("case.yaml", text("stories/consumer-credit.yaml")))
    typed("ana", "library", "adopt", typed.file("controls.yaml", text("controls/controls.yaml")))
    typed("ana", "policy", "adopt", typed.file("policy.json", canonical(encode(policy()))))
    rows = typed.files / "rows.parquet"
    pq.write_table(table(), rows)
    contract = typed.file("contract.yaml", text("contracts/taiwan-credit-default.yaml"))
    whole = typed.json("mia", "dataset", "snapshot", str(rows), contract, "taiwan", "UCI", "CC BY 4.0")
    parts = typed.json("mia", "dataset", "split", whole["digest"])
    return {part["role"]: part["digest"] for part in parts}


def text(path: str) -> bytes:
    return shipped.text(path).encode()


def train(typed: Typed, training: str) -> str:
    recipe = {"learner": "logistic-regression", "inputs": list(INPUTS), "target": "default-payment-next-month"}
    recipe_file = typed.file("recipe.json", canonical({**recipe, "positive": 1, "parameters": {}}))
    rule = typed.file("rule.yaml", b"threshold: 0.35\nfavourable: below\n")
    version = typed.json("mia", "model", "train", "consumer-credit", "credit", training, recipe_file, rule)
    assert version["registry"] == "mlflow:credit/1"
    digest: str = version["digest"]
    return digest


def test_the_walk_as_it_is_typed(typed: Typed) -> None:
    parts = take_in(typed)
    version = train(typed, parts["training"])
    assert version[7:19] in typed("ana", "model", "list")
    assert "REFUSED" in typed("mia", "gate", "ask", version, code=1)
    typed("mia", "model", "assess", version, parts["held-out"])
    assert "parity" in typed("mia", "release", "sign", version, code=1)
    typed("mia", "model", "compile", version, parts["held-out"])
    assert "WAIT" in typed("mia", "gate", "ask", version, code=1).upper()
    assert "the gate says wait" in typed("mia", "release", "sign", version, code=1)
    assert "has no release" in typed("omar", "deployment", "set", "credit", version, code=1)
    signed = typed("ana", "sign-off", version, "--key", str(typed.files / "ana.pem"), "--yes")
    assert f"approves     that {version}" in signed
    assert "ALLOWED" in signed
    package = typed.json("mia", "release", "sign", version)["package"]
    typed("omar", "deployment", "set", "credit", version)
    assert "in-force" in typed("omar", "deployment", "list")
    assert run(["serve", "--explain", "--home", str(typed.home)]) == 0
    assert "credit: admitted" in typed.capfd.readouterr().err
    typed("ana", "release", "revoke", package, "a complaint")
    assert "revoked" in typed("omar", "release", "list")
    typed("omar", "orders", "issue")
    assert run(["serve", "--explain", "--home", str(typed.home)]) == 1
    told(typed, version)


def told(typed: Typed, version: str) -> None:
    """Look back: every step is in the ledger, in order, with its actor, and refusals too."""
    lines = typed.json("ana", "ledger", "show", "--last", "100")
    kinds = [line["kind"] for line in lines]
    steps = ["use-case.registered", "policy.adopted", "model-version.registered", "evidence.recorded"]
    steps += ["model-version.compiled", "approval.signed", "release.signed", "orders.issued", "release.revoked"]
    assert [kinds.index(step) for step in steps] == sorted(kinds.index(step) for step in steps)
    assert all(line["actor"].startswith("local:") for line in lines if line["kind"] != "alert.raised")
    (alert,) = [line for line in lines if line["kind"] == "alert.raised"]
    assert (alert["actor"], alert["body"]["what"]) == ("system", "deployment-suspended")
    refusals = [(line["actor"], line["body"]["action"]) for line in lines if line["kind"] == "action.refused"]
    assert refusals == [("local:mia", "release sign")] * 2 + [("local:omar", "deployment set")]
    assert typed("ana", "ledger", "verify").split()[:2] == ["entries", str(len(lines))]
    assert version in json.dumps(typed.json("ana", "model", "show", version))
