"""Whoever lets a version out signs what they asked to sign, whatever a control plane sends."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from muster.adapters.keys import KeyFile
from muster.adapters.signatures import verify
from muster.cli.local.review.emergency import sign
from muster.cli.session import Session
from muster.lifecycle.review.emergency import EmergencyRequest
from muster.records.decision import Decision, Question, Verdict
from muster.records.governance.emergency import Emergency
from muster.records.trust import Algorithm
from muster.rules.envelope import IN_TOTO, open_envelope, read_envelope, statement
from muster.rules.gate.urgent import EMERGENCY
from muster.settings import Settings

VERSION = "sha256:" + "ab" * 32
AT = datetime(2026, 11, 23, tzinfo=UTC)
REASON = "Fraud runs"


class _Desk:
    """A control plane that asks for one statement and keeps what it is handed."""

    def __init__(self, **changes: Any) -> None:
        question = Question(changes.pop("version", VERSION), "credit", changes.pop("environment", "production"))
        told = {"role": "executive", "reason": REASON, "origin": "bank.example/credit", **changes}
        said = Emergency(question, "erin", told["role"], "p", "l", told["reason"], AT, told["origin"])
        self.payload = statement({"model-version": VERSION}, EMERGENCY, said)
        self.handed: list[str] = []
        self._decision = Decision(question, Verdict.ALLOW, (), "p", "l", 1, AT)

    def call(self, name: str, arguments: Any, _: Any) -> Any:
        if name == "emergency request":
            return EmergencyRequest("I answer for it", base64.b64encode(self.payload).decode(), "sha256:d", AT)
        self.handed.append(arguments["emergency"])
        return self._decision


def _signed(desk: _Desk, tmp_path: Path) -> tuple[int, KeyFile]:
    key = KeyFile.create(tmp_path / "erin.pem", Algorithm.ECDSA_P256)
    session = Session(Settings())
    session.__dict__["desk"] = desk
    return sign(session, VERSION[:20], REASON, str(tmp_path / "erin.pem"), yes=True), key


def test_what_was_read_is_signed_and_handed_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = _Desk()
    code, key = _signed(desk, tmp_path)
    assert code == 0
    (envelope,) = desk.handed
    assert open_envelope(read_envelope(envelope), IN_TOTO, [key.key], verify) == desk.payload
    said = " ".join(capsys.readouterr().out.split())
    assert f"answers for {VERSION}" in said
    assert f"because {REASON}" in said


@pytest.mark.parametrize(
    "changes",
    [
        {"version": "sha256:" + "cd" * 32},
        {"environment": "staging"},
        {"role": "validator"},
        {"reason": "Another"},
        {"origin": ""},
    ],
)
def test_anything_else_is_not_signed(changes: dict[str, str], tmp_path: Path) -> None:
    desk = _Desk(**changes)
    with pytest.raises(PermissionError, match="about something else"):
        _signed(desk, tmp_path)
    assert not desk.handed
