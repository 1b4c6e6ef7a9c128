from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from muster.adapters.keys import KeyFile
from muster.adapters.signatures import verify
from muster.lifecycle.desk.roots import RootChain
from muster.records.trust import Algorithm, Duty, KeyGrant
from muster.rules.envelope import IN_TOTO, open_envelope, read_envelope
from muster.rules.trust import follow_root
from muster.wiring.control import Local, now
from muster.wiring.signing import followed_root, grant_key, sign_statement

if TYPE_CHECKING:
    from tests.conftest import Founded


def test_a_statement_is_signed_with_the_key_in_the_file(tmp_path: Path) -> None:
    key = KeyFile.create(tmp_path / "ana.pem", Algorithm.ECDSA_P256).key
    envelope = read_envelope(sign_statement(b"{}", tmp_path / "ana.pem"))
    assert open_envelope(envelope, IN_TOTO, [key], verify) == b"{}"


def test_a_passphrase_opens_the_file(tmp_path: Path) -> None:
    KeyFile.create(tmp_path / "ana.pem", Algorithm.ECDSA_P256, b"sesame")
    assert sign_statement(b"{}", tmp_path / "ana.pem", b"sesame")
    with pytest.raises(ValueError, match="passphrase"):
        sign_statement(b"{}", tmp_path / "ana.pem")


@pytest.fixture
def chain(founded: Founded) -> RootChain:
    found: RootChain = Local(founded.open(), "admin").call("trust show", {}, lambda _: None)
    return found


def _grant(path: Path) -> KeyGrant:
    key = KeyFile.create(path, Algorithm.ECDSA_P256).key
    return KeyGrant(Duty.APPROVER, key, "ana", ("validator",))


def test_the_next_trust_root_follows_the_one_before(founded: Founded, chain: RootChain, tmp_path: Path) -> None:
    grant = _grant(tmp_path / "ana.pem")
    document = grant_key(chain.current, grant, founded.home / "keys" / "root.pem")
    followed = follow_root(chain.fingerprint, [*chain.documents, document], verify, now())
    assert followed.grants == (*chain.current.grants, grant)
    assert followed.version == 2
    assert followed.expires_at > chain.current.expires_at


def test_a_root_is_followed_before_its_successor_is_signed(chain: RootChain) -> None:
    assert followed_root(chain.fingerprint, chain.documents) == chain.current
    with pytest.raises(PermissionError, match="wrong or forged root"):
        followed_root("sha256:" + "0" * 64, chain.documents)


def test_an_actor_signs_off_with_one_key(founded: Founded, chain: RootChain, tmp_path: Path) -> None:
    root = founded.home / "keys" / "root.pem"
    first = grant_key(chain.current, _grant(tmp_path / "old.pem"), root)
    current = follow_root(chain.fingerprint, [*chain.documents, first], verify, now())
    new = _grant(tmp_path / "new.pem")
    second = grant_key(current, new, root)
    followed = follow_root(chain.fingerprint, [*chain.documents, first, second], verify, now())
    assert [grant for grant in followed.grants if grant.actor == "ana"] == [new]


def test_a_key_that_is_no_root_key_cannot_sign_it(founded: Founded, chain: RootChain, tmp_path: Path) -> None:
    with pytest.raises(PermissionError, match="is no root key"):
        grant_key(chain.current, _grant(tmp_path / "ana.pem"), founded.home / "keys" / "release.pem")
