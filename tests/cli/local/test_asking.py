from __future__ import annotations

import getpass
import io
import sys
from pathlib import Path

import pytest

from muster.adapters.keys import KeyFile
from muster.cli.local.asking import confirm, new_passphrase, passphrase_of
from muster.records.trust import Algorithm


def test_without_a_terminal_there_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    with pytest.raises(ValueError, match="nobody is at the terminal"):
        confirm("Sign it?")


def test_only_an_encrypted_key_has_a_passphrase(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getpass", lambda _: "wörds")
    KeyFile.create(tmp_path / "plain.pem", Algorithm.ED25519)
    KeyFile.create(tmp_path / "safe.pem", Algorithm.ECDSA_P256, "wörds".encode())
    assert passphrase_of(tmp_path / "plain.pem") is None
    words = passphrase_of(tmp_path / "safe.pem")
    assert KeyFile.load(tmp_path / "safe.pem", words).key
    with pytest.raises(FileNotFoundError):
        passphrase_of(tmp_path / "gone.pem")


def test_a_new_passphrase_is_the_same_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["", "one", "two", "same", "same"])
    monkeypatch.setattr(getpass, "getpass", lambda _: next(answers))
    for _ in range(2):
        with pytest.raises(ValueError, match="not the same twice"):
            new_passphrase()
    assert new_passphrase() == b"same"
