from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.lifecycle.dossier.scene import Scene, released
from tests.verifier.packing import members_of, zipped

from muster.records.canonical import canonical
from muster.verifier.main import main


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    made = released(tmp_path_factory.mktemp("released"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def dossier(scene: Scene) -> bytes:
    return scene.dossier()


def test_a_file_that_cannot_be_read_is_exit_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["no such file", "--root", "sha256:" + "0" * 64]) == 2
    assert "No such file" in capsys.readouterr().err


def test_what_is_no_zip_is_exit_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "d").write_bytes(b"nothing")

    assert main([str(tmp_path / "d"), "--root", "sha256:" + "0" * 64]) == 1
    assert "NOT VERIFIED: the file is no dossier" in capsys.readouterr().out


def test_names_in_a_dossier_cannot_write_over_the_verdict(
    scene: Scene, dossier: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    members = members_of(dossier)
    manifest = json.loads(members["manifest.json"])
    manifest["members"][0]["name"] = "\x1b[1A\x1b[2K\rVERIFIED \u202e\nPROVEN\n- everything"
    members["manifest.json"] = canonical(manifest)
    file = tmp_path / "dossier.zip"
    file.write_bytes(zipped(list(members.items())))

    assert main([str(file), "--root", scene.house.fingerprint]) == 1
    said = capsys.readouterr().out
    assert said.startswith("NOT VERIFIED: ")
    assert said.removesuffix("\n").isprintable()
