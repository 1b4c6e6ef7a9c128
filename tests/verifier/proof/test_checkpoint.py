"""The verifier on witnesses of the ledger."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.lifecycle.dossier.scene import Scene, released
from tests.rules.scene import NOW, ROOT, VERSION, grant, key
from tests.verifier.forged import TOLD, note_of, tree_of

from muster.lifecycle.dossier.archive import pack
from muster.records.codec import encode
from muster.records.decision import Question
from muster.records.trust import Duty
from muster.rules.note import signatures_of
from muster.rules.witness.cosignature import cosign
from muster.verifier.proof.checkpoint import checkpoint, cosigners
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


LEDGER = encode(ROOT)
NOTE = note_of(TOLD)
SEATED = {**LEDGER, "grants": [*LEDGER["grants"], {**encode(grant(Duty.WITNESS, WITNESS)), "name": NAME}]}


def with_hint(note: str, place: int = 0) -> str:
    """Return a note whose last signature is right, behind another hint of its key."""
    start, _, mark = note.rstrip("\n").rpartition(" ")
    raw = bytearray(base64.b64decode(mark))
    raw[place] ^= 1
    return f"{start} {base64.b64encode(bytes(raw)).decode()}\n"


def test_a_checkpoint_says_size_and_tree_of_this_ledger_by_its_key() -> None:
    tree = tree_of(TOLD)
    assert checkpoint(NOTE, LEDGER, "it") == (tree.size, tree.root())
    renamed = NOTE.replace("\u2014 bank", "\u2014 tank")
    for odd in (note_of(TOLD, "ledger-other"), with_hint(NOTE), with_hint(NOTE, 9), renamed):
        with pytest.raises(ValueError, match="it is not signed by a key of the ledger"):
            checkpoint(odd, LEDGER, "it")
    with pytest.raises(ValueError, match="it is of the ledger 'elsewhere', not 'bank.example/credit'"):
        checkpoint(note_of(TOLD, origin="elsewhere"), LEDGER, "it")


def test_a_checkpoint_carries_a_hundred_signatures_at_most() -> None:
    text, _, line = NOTE.rpartition("\n\n")
    assert checkpoint(f"{text}\n\n{line * 100}", LEDGER, "it")
    with pytest.raises(ValueError, match="it carries more signatures than anybody needs"):
        checkpoint(f"{text}\n\n{line * 101}", LEDGER, "it")


def test_a_cosignature_is_by_a_witness_of_the_root_under_its_name() -> None:
    def seen(name: str = NAME, pen: str = WITNESS) -> str:
        text, _ = signatures_of(NOTE)
        return NOTE + cosign(text, name, key(pen).key, key(pen).sign, NOW)

    assert cosigners(seen(), SEATED) == {NAME}
    assert cosigners(NOTE, SEATED) == set()
    assert cosigners(seen("another/witness"), SEATED) == set()
    assert cosigners(seen(pen="ledger-other"), SEATED) == set()
    assert cosigners(with_hint(seen()), SEATED) == set()
    assert cosigners(with_hint(seen(), 11), SEATED) == set(), "it is of another moment"
    assert cosigners(seen(), LEDGER) == set()
