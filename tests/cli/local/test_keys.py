from __future__ import annotations

import getpass
import json
import stat
from pathlib import Path

import pytest

from muster.adapters.keys import KeyFile
from muster.cli.main import run


def test_a_key_is_made_for_its_owner_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "ana.pem"
    assert run(["key", "new", str(path), "--actor", "ana", "--json"]) == 0
    public = json.loads(capsys.readouterr().out)
    assert (public["duty"], public["actor"], public["file"]) == ("approver", "ana", str(path))
    assert public["id"] == KeyFile.load(path).key.id
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "PRIVATE" not in json.dumps(public)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--duty", "king", "--actor", "ana"], "--duty: 'king' is none of root, release, orders, ledger, approver"),
        ([], "--actor: say whose key it is"),
    ],
)
def test_wrong_words_make_no_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert run(["key", "new", str(tmp_path / "k.pem"), *words]) == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_passphrase_is_typed_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["one", "two", "same", "same"])
    monkeypatch.setattr(getpass, "getpass", lambda _: next(answers))
    words = ["key", "new", str(tmp_path / "k.pem"), "--actor", "ana", "--passphrase"]
    assert run(words) == 2
    assert list(tmp_path.iterdir()) == []
    assert run(words) == 0
    assert KeyFile.load(tmp_path / "k.pem", b"same")


def test_the_public_half_of_a_key_is_shown_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(tmp_path / "ana.pem")
    run(["key", "new", path, "--actor", "ana", "--json"])
    made = capsys.readouterr().out
    assert run(["key", "show", path, "--actor", "ana", "--json"]) == 0
    assert capsys.readouterr().out == made
    assert run(["key", "show", path, "--actor", "ana"]) == 0
    assert f"muster key offer {path} --actor ana" in capsys.readouterr().out
    run(["key", "new", str(tmp_path / "root.pem"), "--duty", "root"])
    assert "--duty root --json > public.json" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "--actor: say whose key it is"),
        (["--duty", "ledger"], "a key of algorithm ecdsa-p256 cannot sign as ledger"),
        (["--duty", "king"], "--duty: 'king' is none of"),
    ],
)
def test_a_key_is_not_shown_as_what_it_is_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    path = str(tmp_path / "ana.pem")
    run(["key", "new", path, "--actor", "ana"])
    assert run(["key", "show", path, *words]) == 2
    assert said in capsys.readouterr().err
