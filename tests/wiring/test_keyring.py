from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.softhsm import PIN, made_token, softhsm

from muster.adapters.keys import KeyFile
from muster.adapters.signatures import verify
from muster.records.trust import Algorithm, Duty, KeyGrant
from muster.settings import read_settings
from muster.wiring.control import open_house, signer_of
from muster.wiring.keyring import is_uri, load_signer, new_key, nobody, read_key, require_fit, secret_in
from muster.wiring.signing import grant_key

if TYPE_CHECKING:
    from tests.walk import Walked


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


def test_the_passphrase_of_a_file_is_asked_for_where_it_needs_one(tmp_path: Path) -> None:
    new_key(tmp_path / "safe.pem", Duty.APPROVER, "ana", b"open sesame")
    asked: list[str] = []

    def ask(secret: str) -> str:
        asked.append(secret)
        return "open sesame"

    assert load_signer(tmp_path / "safe.pem", ask=ask).key
    new_key(tmp_path / "plain.pem", Duty.APPROVER, "ana")
    assert load_signer(tmp_path / "plain.pem", ask=nobody).key
    assert asked == [f"passphrase of {tmp_path / 'safe.pem'}"]


@pytest.mark.parametrize(
    ("where", "uri"), [("hsm:2", True), ("awskms:alias/x", True), ("keys/a.pem", False), ("/a", False)]
)
def test_a_uri_is_told_from_a_file(where: str, uri: bool) -> None:
    assert is_uri(where) is uri
    assert not is_uri(Path(where))


def test_a_ledger_key_is_ed25519_and_it_is_said_who_has_that(tmp_path: Path) -> None:
    made = new_key(tmp_path / "a.pem", Duty.APPROVER, "ana").public
    with pytest.raises(
        ValueError, match="cannot sign as ledger. .*Vault has it, PKCS#11, AWS, Google and Azure have not"
    ):
        require_fit(made, Duty.LEDGER, "hsm:2")
    require_fit(made, Duty.GATEWAY_LOG, "log.pem")
    with pytest.raises(ValueError, match="a key of algorithm ed25519 cannot sign as release$"):
        read_key(Path(new_key(tmp_path / "l.pem", Duty.LEDGER).file), Duty.RELEASE)


def test_a_secret_comes_from_the_file_of_its_duty_or_from_somebody(tmp_path: Path) -> None:
    (tmp_path / "release").write_text("two words\n")
    (tmp_path / "release").chmod(0o400)
    assert secret_in(tmp_path, Duty.RELEASE)("pin") == "two words"
    assert secret_in(tmp_path, Duty.ORDERS, lambda secret: f"typed {secret}")("pin") == "typed pin"
    with pytest.raises(ValueError, match="the pin is needed and nobody is at the terminal.*LoadCredential="):
        secret_in(None, Duty.RELEASE)("pin")


@softhsm
def test_a_house_signs_its_releases_with_a_key_in_a_module(walked: Walked, tmp_path: Path) -> None:
    uri = made_token()
    (tmp_path / "release").write_text(PIN)
    (tmp_path / "release").chmod(0o600)
    public = read_key(uri, Duty.RELEASE, ask=secret_in(tmp_path, Duty.RELEASE)).public
    current = walked.do("admin", "trust show").current
    rest = tuple(grant for grant in current.grants if grant.duty is not Duty.RELEASE)
    walked.publish(
        grant_key(replace(current, grants=rest), KeyGrant(Duty.RELEASE, public), walked.home / "keys" / "root.pem")
    )
    walked.close()
    (walked.home / "keys" / "release.pem").unlink()
    settings = read_settings({"home": walked.home, "release_key": uri, "key_secrets": tmp_path}, {})
    walked.opened.append(open_house(settings))
    walked.do("mia", "release sign", version=walked.version)
    walked.do("omar", "deployment set", name="credit", version=walked.version)
    assert walked.gateway().refresh().serving(walked.clock()) == ("credit",)
    with pytest.raises(ValueError, match="cannot sign as ledger"):
        signer_of(read_settings({"home": walked.home, "ledger_key": uri, "key_secrets": tmp_path}, {}), Duty.LEDGER)
