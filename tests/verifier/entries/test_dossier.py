from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.lifecycle.dossier.scene import Scene, refused
from tests.verifier.packing import members_of, packed, problem

from muster.records.canonical import canonical


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = refused(tmp_path)
    yield made
    made.close()


def test_no_path_proves_what_is_not_there(scene: Scene) -> None:
    members = members_of(scene.dossier())
    paths = json.loads(members["proofs.json"])
    more = packed({**members, "proofs.json": canonical({**paths, "00000099": paths["00000000"]})})
    assert "proves other entries than there are" in problem(more, scene.house.fingerprint)
