from __future__ import annotations

from pathlib import Path

import pytest

from muster.adapters.keys import KeyFile
from muster.adapters.signatures import verify
from muster.records.trust import Algorithm, Duty
from muster.wiring.keyring import new_key


def test_a_new_key_signs_and_its_public_half_verifies(tmp_path: Path) -> None:
    made = new_key(tmp_path / "ana.pem", Duty.APPROVER, "ana")
    assert verify(made.public, b"yes", KeyFile.load(tmp_path / "ana.pem").sign(b"yes"))
    assert (made.id, made.public.algorithm) == (made.public.id, Algorithm.ECDSA_P256)


def test_checkpoints_are_signed_with_ed25519(tmp_path: Path) -> None:
    assert new_key(tmp_path / "ledger.pem", Duty.LEDGER).public.algorithm is Algorithm.ED25519


def test_a_passphrase_is_asked_for_again(tmp_path: Path) -> None:
    new_key(tmp_path / "ana.pem", Duty.APPROVER, "ana", b"open sesame")
    with pytest.raises(ValueError, match="passphrase"):
        KeyFile.load(tmp_path / "ana.pem")


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    before = new_key(tmp_path / "ana.pem", Duty.APPROVER, "ana").id
    with pytest.raises(FileExistsError):
        new_key(tmp_path / "ana.pem", Duty.APPROVER, "ana")
    assert KeyFile.load(tmp_path / "ana.pem").key.id == before
