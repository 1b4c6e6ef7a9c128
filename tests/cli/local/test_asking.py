from __future__ import annotations

import getpass
import io
import sys
from pathlib import Path

import pytest

from muster.adapters.keys import KeyFile
from muster.adapters.signatures import verify
from muster.cli.local import asking
from muster.cli.local.asking import ask_secret, confirm, new_passphrase, sign_when_read
from muster.cli.session import Session
from muster.records.canonical import digest
from muster.records.trust import Algorithm
from muster.rules.envelope import IN_TOTO, open_envelope, read_envelope, statement
from muster.settings import Settings


def test_without_a_terminal_there_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    with pytest.raises(ValueError, match="nobody is at the terminal"):
        confirm("Sign it?")


def test_a_secret_is_asked_for_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getpass", lambda question: f"answer to {question}")
    assert ask_secret("pin of hsm:2") == "answer to pin of hsm:2: "

    def ended(_: str) -> str:
        raise EOFError

    monkeypatch.setattr(getpass, "getpass", ended)
    with pytest.raises(ValueError, match="nobody gave the pin"):
        ask_secret("pin")


def test_a_new_passphrase_is_the_same_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["", "one", "two", "same", "same"])
    monkeypatch.setattr(getpass, "getpass", lambda _: next(answers))
    for _ in range(2):
        with pytest.raises(ValueError, match="not the same twice"):
            new_passphrase()
    assert new_passphrase() == b"same"


def test_what_is_signed_is_shown_first_and_signed_only_with_a_yes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    key, said = str(tmp_path / "ana.pem"), statement({"version": digest(b"v")}, "urn:test", {"so": "be it"})
    public = KeyFile.create(tmp_path / "ana.pem", Algorithm.ED25519).key
    session = Session(Settings())
    monkeypatch.setattr(asking, "confirm", lambda _: False)
    assert not sign_when_read(session, ["first\x1b[2J", "last"], said, key, yes=False)
    assert capsys.readouterr().out.split("\n")[-3:] == ["last", "nothing was signed", ""]
    envelope = sign_when_read(session, ["first"], said, key, yes=True)
    assert open_envelope(read_envelope(envelope), IN_TOTO, [public], verify) == said
    assert "\x1b" not in capsys.readouterr().out
