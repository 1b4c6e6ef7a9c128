from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from muster.adapters.keys import KeyFile
from muster.cli.main import run
from muster.records.trust import Algorithm
from muster.rules.ceremony.paper import read_paper

if TYPE_CHECKING:
    from tests.conftest import Founded


@pytest.fixture
def paper(standing: Founded, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A draft, on a machine that has nothing else of the house."""
    path = tmp_path / "next.json"
    assert run(["trust", "draft", "--renew", "--into", str(path), "--home", str(standing.home), "--as", "admin"]) == 0
    capsys.readouterr()
    return path


def away(standing: Founded, paper: Path, *words: str) -> list[str]:
    where = ["--home", str(paper.parent / "nowhere"), "--root", standing.settings.root]
    return ["trust", "sign", str(paper), *where, *words]


def test_a_draft_is_read_and_signed_without_a_control_plane(
    standing: Founded, paper: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(away(standing, paper)) == 0
    read = capsys.readouterr().out
    assert "nobody is trusted with anything else than before" in read
    assert "missing version 1: 0 of the 1 signatures" in read
    assert run(away(standing, paper, "--key", str(standing.home / "keys" / "root.pem"), "--yes")) == 0
    said = capsys.readouterr().out
    assert f"all have signed; an admin publishes it: muster trust publish {paper}" in said
    assert len(read_paper(paper.read_text()).envelope.signatures) == 1
    digest = next(line for line in read.splitlines() if line.startswith("digest"))
    assert digest in said


def test_nobody_signs_what_nobody_confirmed(
    standing: Founded, paper: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = paper.read_text()
    root = ("--key", str(standing.home / "keys" / "root.pem"))
    assert run(away(standing, paper, *root)) == 2
    assert "nobody is at the terminal to answer" in capsys.readouterr().err
    monkeypatch.setattr("muster.cli.local.ceremony.sign.confirm", lambda _: False)
    assert run(away(standing, paper, *root)) == 1
    assert "nothing was signed" in capsys.readouterr().out
    assert paper.read_text() == before


def test_another_key_and_another_root_are_refused(
    standing: Founded, paper: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = paper.read_text()
    KeyFile.create(tmp_path / "other.pem", Algorithm.ECDSA_P256)
    assert run(away(standing, paper, "--key", str(tmp_path / "other.pem"), "--yes")) == 1
    assert "is no root key: neither version 1 nor the draft names it" in capsys.readouterr().err
    words = ["trust", "sign", str(paper), "--root", "sha256:" + "0" * 64, "--home", str(tmp_path / "nowhere")]
    assert run(words) == 1
    assert "wrong or forged root" in capsys.readouterr().err
    assert run([*words[:3], *words[5:]]) == 2
    assert "--root: say the fingerprint" in capsys.readouterr().err
    assert paper.read_text() == before
