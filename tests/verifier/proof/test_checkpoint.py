"""The verifier on witnesses of the ledger."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.lifecycle.dossier.scene import Scene, released
from tests.rules.scene import VERSION, grant, key

from muster.lifecycle.dossier.archive import pack
from muster.records.decision import Question
from muster.records.trust import Duty
from muster.rules.note import signatures_of
from muster.rules.witness.cosignature import cosign
from muster.verifier.verify import verify as verify_dossier

WITNESS = "ledger-witness"
NAME = "auditors.example/witness"


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = released(tmp_path)
    yield made
    made.close()


def trust_witness(scene: Scene, needed: int = 0) -> None:
    seat = replace(grant(Duty.WITNESS, WITNESS), name=NAME)
    root = scene.root
    grants = (*root.grants, *([] if seat in root.grants else [seat]))
    scene.publish(replace(root, version=root.version + 1, grants=grants, witnesses_needed=needed))


def show(scene: Scene, pen: str = WITNESS, name: str = NAME) -> int:
    """Let a witness cosign the newest checkpoint, and put it where gateways and auditors find it; return its size."""
    note = scene.ledger.checkpoint()
    text, _ = signatures_of(note)
    scene.house.outbox.publish(
        "checkpoint.txt", (note + cosign(text, name, key(pen).key, key(pen).sign, scene.now)).encode()
    )
    return scene.ledger.size


def members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name != "manifest.json"}


def problem(scene: Scene, found: dict[str, bytes]) -> str:
    try:
        verify_dossier(pack([Question(VERSION, "loans", "production")], found), scene.house.fingerprint)
    except Exception as error:  # noqa: BLE001 - as the verifier itself does
        return str(error)
    return ""


def test_what_witnesses_have_seen_is_proven_and_told(scene: Scene) -> None:
    trust_witness(scene)
    size = show(scene)
    scene.decide()
    report = "\n".join(verify_dossier(scene.dossier(), scene.house.fingerprint))
    assert f"Its first {size} entries were seen by: {NAME}. They cosigned it." in report


def test_a_cosignature_by_another_key_or_name_is_none(scene: Scene) -> None:
    trust_witness(scene)
    show(scene)
    found = members(scene.dossier())
    for pen, name in (("ledger-other", NAME), (WITNESS, "elsewhere.example/witness")):
        text, _ = signatures_of(found["witnessed.txt"].decode())
        own = found["witnessed.txt"].decode().splitlines(keepends=True)[:-1]
        note = "".join(own) + cosign(text, name, key(pen).key, key(pen).sign, scene.now)
        assert "cosigned by no witness" in problem(scene, {**found, "witnessed.txt": note.encode()})
    assert problem(scene, found) == ""


def test_where_the_root_asks_for_witnesses_a_dossier_without_them_is_not_verified(scene: Scene) -> None:
    trust_witness(scene, needed=1)
    show(scene)
    found = members(scene.dossier())
    assert problem(scene, found) == ""
    without = {name: raw for name, raw in found.items() if name != "witnessed.txt"}
    proofs = {name: path for name, path in json.loads(found["consistency.json"]).items() if name != "witnessed.txt"}
    assert "0 of the trust root's witnesses have seen the ledger, 1 must" in problem(
        scene, {**without, "consistency.json": json.dumps(proofs, separators=(",", ":"), sort_keys=True).encode()}
    )


def test_what_lies_in_the_outbox_and_is_of_another_ledger_is_left_out(scene: Scene, tmp_path: Path) -> None:
    trust_witness(scene)
    other = released(tmp_path / "other")
    show(other)
    scene.house.outbox.publish("checkpoint.txt", other.house.outbox.published("checkpoint.txt"))
    other.close()
    assert "witnessed.txt" not in members(scene.dossier())
