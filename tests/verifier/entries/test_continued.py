from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.lifecycle.dossier.scene import Scene, released
from tests.rules.scene import VERSION

from muster.lifecycle.dossier.archive import pack
from muster.lifecycle.serve import orders
from muster.records.decision import Question
from muster.verifier.verify import verify as verify_dossier


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = released(tmp_path)
    yield made
    made.close()


def members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name != "manifest.json"}


def problem(scene: Scene, found: dict[str, bytes]) -> str:
    try:
        verify_dossier(pack([Question(VERSION, "loans", "production")], found), scene.house.fingerprint)
    except Exception as error:  # noqa: BLE001 - as the verifier itself does
        return str(error)
    return ""


def test_orders_on_a_ledger_that_today_s_does_not_continue_are_told(scene: Scene) -> None:
    orders.issue(scene.as_("olga"))
    found = members(scene.dossier())
    proofs = json.loads(found["consistency.json"])
    name = next(name for name in proofs if name.startswith("entries/"))
    proofs[name] = proofs[name][::-1] if proofs[name] != proofs[name][::-1] else ["0" * 64]
    forged = json.dumps(proofs, separators=(",", ":"), sort_keys=True).encode()
    assert f"does not continue the one that {name}" in problem(scene, {**found, "consistency.json": forged})
