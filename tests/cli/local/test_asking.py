from __future__ import annotations

import getpass
import io
import sys

import pytest

from muster.cli.local.asking import ask_secret, confirm, new_passphrase


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
