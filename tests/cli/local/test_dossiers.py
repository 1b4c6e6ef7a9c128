from __future__ import annotations

from pathlib import Path

import pytest

from muster.cli.main import run


def test_what_is_no_dossier_is_not_verified(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.zip").write_bytes(b"no zip")
    assert run(["dossier", "verify", str(tmp_path / "x.zip"), "--root", "sha256:" + "a" * 64]) != 0
    said = capfd.readouterr()
    assert said.out + said.err
    assert "Traceback" not in said.err


def test_a_file_that_is_not_there_could_not_be_told(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["dossier", "verify", str(tmp_path / "nowhere.zip")]) != 0
    assert "Traceback" not in capfd.readouterr().err
