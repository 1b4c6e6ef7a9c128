from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from muster.adapters.signatures import verify
from muster.cli.local.policies.sign import sign
from muster.cli.session import Session
from muster.lifecycle.policies.propose import PolicyRequest, Proposal
from muster.records.adoption.policies import PolicyApproval
from muster.records.trust import Duty
from muster.rules.envelope import IN_TOTO, open_envelope, read_envelope, statement
from muster.rules.gate.adopted import POLICY_APPROVAL
from muster.settings import Settings
from muster.wiring.keyring import new_key

POLICY = "sha256:" + "ab" * 32
SAID = PolicyApproval(POLICY, "credit", "", "bob", "risk-analyst", "ana", datetime(2026, 11, 23, tzinfo=UTC), "a.bank")


class _Desk:
    """A control plane that asks for one signature and keeps what it is handed."""

    def __init__(self, said: PolicyApproval = SAID, subject: str = POLICY) -> None:
        self.payload = statement({"policy": subject}, POLICY_APPROVAL, said)
        self.handed_in = ""

    def call(self, name: str, arguments: dict[str, Any], _: Any) -> Any:
        if name == "policy request":
            return PolicyRequest("what it says", base64.b64encode(self.payload).decode(), "sha256:d")
        self.handed_in = arguments["signature"]
        return Proposal("credit", POLICY, "ana", "", "in-force", ("signed by bob",), ())


def session(desk: _Desk) -> Session:
    made = Session(Settings())
    made.__dict__["desk"] = desk
    return made


def test_what_is_signed_is_the_statement_and_what_it_says_is_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = _Desk()
    public = new_key(tmp_path / "bob.pem", Duty.APPROVER, "bob").public
    assert sign(session(desk), "abab", str(tmp_path / "bob.pem"), yes=True) == 0
    assert open_envelope(read_envelope(desk.handed_in), IN_TOTO, [public], verify) == desk.payload
    said = capsys.readouterr().out
    assert "what it says" in said
    assert "proposed by  ana" in said


@pytest.mark.parametrize(
    "desk",
    [
        _Desk(replace(SAID, policy="sha256:" + "cd" * 32)),
        _Desk(replace(SAID, role="executive")),
        _Desk(replace(SAID, origin="")),
        _Desk(subject="sha256:" + "cd" * 32),
    ],
)
def test_a_statement_about_something_else_is_not_signed(desk: _Desk, tmp_path: Path) -> None:
    with pytest.raises(PermissionError, match="about something else"):
        sign(session(desk), "abab", str(tmp_path / "none.pem"), yes=True)
    assert not desk.handed_in
