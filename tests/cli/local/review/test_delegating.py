from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from muster.adapters.keys import KeyFile
from muster.adapters.signatures import verify
from muster.cli.local import asking
from muster.cli.local.review import delegating
from muster.cli.session import Session
from muster.lifecycle.govern.lending import DelegationRequest
from muster.records.canonical import digest
from muster.records.governance.signoffs import Delegation
from muster.records.trust import Algorithm
from muster.rules.envelope import IN_TOTO, open_envelope, read_envelope, statement
from muster.rules.signing.statements import DELEGATION
from muster.settings import Settings

AT = datetime(2026, 11, 23, tzinfo=UTC)


class _Desk:
    """A control plane that asks for one delegation and keeps what it is handed."""

    def __init__(self, **changed: Any) -> None:
        asked = {"principal": "ana", "delegate": "dave", "role": "risk-analyst", "use_case": "credit"}
        until = {"signed_at": AT, "expires_at": AT + timedelta(days=14), "origin": "bank.example/credit"}
        self.said = Delegation(**{**asked, **until, **changed})
        self.payload = statement({"use-case": digest(b"credit")}, DELEGATION, self.said)
        self.handed: dict[str, Any] = {}

    def call(self, name: str, arguments: Any, _: Any) -> Any:
        if name == "delegation request":
            return DelegationRequest("read me", base64.b64encode(self.payload).decode(), digest(self.payload))
        self.handed = {"name": name, **arguments}
        return self.said


@pytest.fixture
def key(tmp_path: Path) -> str:
    KeyFile.create(tmp_path / "ana.pem", Algorithm.ECDSA_P256)
    return str(tmp_path / "ana.pem")


def lend(desk: _Desk, key: str, *, yes: bool = True) -> int:
    session = Session(Settings())
    session.__dict__["desk"] = desk
    return delegating.delegate(session, "risk-analyst", "dave", "credit", 14, key, yes=yes)


def test_what_was_asked_for_is_signed_and_handed_in(key: str, capsys: pytest.CaptureFixture[str]) -> None:
    desk = _Desk()
    assert lend(desk, key) == 0
    assert (desk.handed["name"], desk.handed["use_case"]) == ("delegation submit", "credit")
    envelope = read_envelope(desk.handed["signature"])
    assert open_envelope(envelope, IN_TOTO, [KeyFile.load(Path(key)).key], verify) == desk.payload
    said = capsys.readouterr().out
    assert "ana lends the role risk-analyst" in said
    assert "until    2026-12-07 00:00 UTC" in said


@pytest.mark.parametrize(
    "changed",
    [
        {"delegate": "eve"},
        {"role": "executive"},
        {"use_case": "cards"},
        {"expires_at": AT + timedelta(days=15)},
        {"origin": ""},
    ],
)
def test_nothing_else_is_signed_whatever_the_control_plane_sends(key: str, changed: dict[str, Any]) -> None:
    desk = _Desk(**changed)
    with pytest.raises(PermissionError, match="something else"):
        lend(desk, key)
    assert desk.handed == {}


def test_nothing_is_signed_without_a_yes(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = _Desk()
    monkeypatch.setattr(asking, "confirm", lambda _: False)
    assert lend(desk, key, yes=False) == 1
    assert desk.handed == {}
