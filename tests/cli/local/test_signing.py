from __future__ import annotations

import base64
import getpass
import io
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import typer

from muster.adapters.keys import KeyFile
from muster.adapters.signatures import verify
from muster.cli.local.signing import sign_off
from muster.cli.session import Session
from muster.lifecycle.govern.drafting import ApprovalRequest
from muster.records.decision import Approval, Decision, Question, Verdict
from muster.records.trust import Algorithm
from muster.rules.envelope import IN_TOTO, open_envelope, read_envelope, read_statement, statement
from muster.rules.signing.statements import APPROVAL, REJECTION
from muster.settings import Settings

VERSION = "sha256:" + "ab" * 32
AT = datetime(2026, 11, 23, tzinfo=UTC)


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class _Desk:
    """A control plane that asks for one approval and keeps what it is handed."""

    def __init__(self, origin: str = "bank.example/credit", **question: str) -> None:
        asked = Question(**{"version": VERSION, "use_case": "credit", "environment": "production", **question})
        approval = Approval(asked, "ana", "risk-analyst", "sha256:p", (), "", AT, origin=origin)
        self.payload = statement({"model-version": VERSION}, APPROVAL, approval)
        self.handed: list[str] = []
        self._decision = Decision(asked, Verdict.ALLOW, (), "p", "l", 1, AT)

    def call(self, name: str, arguments: Any, _: Any) -> Any:
        if name == "approval request":
            return ApprovalRequest("I approve [this]", base64.b64encode(self.payload).decode(), "sha256:d")
        self.handed.append(arguments["envelope"])
        return self._decision


@pytest.fixture
def key(tmp_path: Path) -> Path:
    KeyFile.create(tmp_path / "ana.pem", Algorithm.ECDSA_P256)
    return tmp_path / "ana.pem"


def _session(desk: _Desk) -> Session:
    session = Session(Settings())
    session.__dict__["desk"] = desk
    return session


def test_what_was_shown_is_signed_and_handed_in(key: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = _Desk()
    assert sign_off(_session(desk), "abab", key, yes=True) == 0
    (envelope,) = desk.handed
    assert open_envelope(read_envelope(envelope), IN_TOTO, [KeyFile.load(key).key], verify) == desk.payload
    assert "I approve [this]" in capsys.readouterr().out


def test_whoever_says_no_signs_nothing(key: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", _Terminal())
    monkeypatch.setattr(typer, "confirm", lambda _: False)
    desk = _Desk()
    assert sign_off(_session(desk), VERSION, key) == 1
    assert desk.handed == []


def test_where_nobody_can_answer_nothing_is_signed(key: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    desk = _Desk()
    with pytest.raises(ValueError, match="answer beforehand with --yes"):
        sign_off(_session(desk), VERSION, key)
    assert desk.handed == []


def test_an_encrypted_key_is_opened_with_its_passphrase(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    KeyFile.create(tmp_path / "safe.pem", Algorithm.ECDSA_P256, b"words")
    monkeypatch.setattr(getpass, "getpass", lambda _: "words")
    desk = _Desk()
    assert sign_off(_session(desk), VERSION, tmp_path / "safe.pem", yes=True) == 0
    assert len(desk.handed) == 1
    monkeypatch.setattr(getpass, "getpass", lambda _: "others")
    with pytest.raises(ValueError, match="wrong passphrase"):
        sign_off(_session(desk), VERSION, tmp_path / "safe.pem", yes=True)
    assert len(desk.handed) == 1


@pytest.mark.parametrize("sent", [{"version": "sha256:" + "cd" * 32}, {"environment": "staging"}, {"scope": "shadow"}])
def test_a_statement_about_something_else_is_not_signed(key: Path, sent: dict[str, str]) -> None:
    desk = _Desk(**sent)
    with pytest.raises(PermissionError, match="about something else"):
        sign_off(_session(desk), VERSION, key, yes=True)
    assert desk.handed == []


def test_what_the_statement_says_is_shown_whatever_the_control_plane_shows(
    key: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = _Desk(use_case="something else")
    assert sign_off(_session(desk), "abab", key, yes=True) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert f"approves that {VERSION} may serve something else in production under policy sha256:p" in shown
    assert f"who ana, as risk-analyst approves that {VERSION}" in shown


def test_no_control_plane_moves_the_cursor(key: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = _Desk(use_case="credit\x1b[2J\x1b[H\x9b2J\u202e")
    assert sign_off(_session(desk), "abab", key, yes=True) == 0
    said = capsys.readouterr().out
    assert not {"\x1b", "\x9b", "\u202e"} & set(said.partition("ALLOWED")[0])


@pytest.mark.parametrize("version", ["", "sha256:"])
def test_no_version_is_any_version(key: Path, version: str) -> None:
    desk = _Desk()
    with pytest.raises(PermissionError, match="about something else"):
        sign_off(_session(desk), version, key, yes=True)
    assert desk.handed == []


def test_a_statement_that_names_no_house_is_not_signed(key: Path) -> None:
    desk = _Desk(origin="")
    with pytest.raises(PermissionError, match="names no house, so that any could use it: not signed"):
        sign_off(_session(desk), VERSION, key, yes=True)
    assert desk.handed == []


def test_a_rejection_is_signed_as_one(key: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = _Desk()
    subjects, said = read_statement(desk.payload, APPROVAL)
    desk.payload = statement(subjects, REJECTION, said)
    assert sign_off(_session(desk), VERSION, key, reject=True, yes=True) == 0
    assert "rejects      that" in capsys.readouterr().out
    with pytest.raises(ValueError, match="not an in-toto statement"):  # asked to approve, and sent a rejection
        sign_off(_session(desk), VERSION, key, yes=True)
    assert len(desk.handed) == 1


def test_conditions_are_read_before_they_are_signed(key: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = _Desk()
    subjects, said = read_statement(desk.payload, APPROVAL)
    due = {"text": "refresh", "owner": "omar", "due": "2026-12-31T23:59:59.000000Z"}
    desk.payload = statement(subjects, APPROVAL, {**said, "conditions": [due]})
    assert sign_off(_session(desk), VERSION, key, condition=["2026-12-31 omar: refresh"], yes=True) == 0
    assert "if by        2026-12-31 omar: refresh" in capsys.readouterr().out
    with pytest.raises(PermissionError, match="other conditions"):
        sign_off(_session(desk), VERSION, key, yes=True)
    desk.payload = statement(subjects, APPROVAL, {**said, "platform": True})
    with pytest.raises(PermissionError, match="of its own: not signed"):
        sign_off(_session(desk), VERSION, key, yes=True)
