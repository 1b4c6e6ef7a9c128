from __future__ import annotations

import stat
from pathlib import Path

import pytest

from muster.adapters.signatures import verify
from muster.lifecycle.desk.people import token_digest
from muster.ports.clock import Clock
from muster.records.access.credentials import IssuedToken
from muster.records.people import Actor
from muster.records.trust import Duty, SignedRoot, TrustRoot
from muster.rules.trust import follow_root
from muster.settings import read_settings
from muster.wiring.control import close_house, now, open_house
from muster.wiring.founding import create_house


def test_a_new_house_has_a_key_for_each_duty_and_a_root_that_its_fingerprint_vouches_for(tmp_path: Path) -> None:
    made = create_house(tmp_path / "house", "bank.example/credit", "admin")
    settings = read_settings({"home": made.home}, {})
    assert (settings.origin, settings.root) == ("bank.example/credit", made.root)
    house = open_house(settings)
    root = follow_root(made.root, [house.outbox.published("trust-root/1.json").decode()], verify, now())
    kinds = [recorded.entry.kind for recorded in house.ledger.read()]
    keys = {grant.duty: grant.key for grant in root.grants}
    assert (root.version, root.origin) == (1, "bank.example/credit")
    assert kinds == ["trust-root.published", "trust-root.signed", "actor.added", "token.issued"]
    assert {recorded.entry.actor for recorded in house.ledger.read()} == {"local:admin"}
    assert len({key.id for key in keys.values()}) == 5
    assert {duty: signer.key for duty, signer in house.signers.items()} == {
        duty: key for duty, key in keys.items() if duty is not Duty.ROOT
    }
    close_house(house)


def test_only_the_owner_may_read_the_keys(tmp_path: Path) -> None:
    create_house(tmp_path / "house", "a", "admin")
    keys = tmp_path / "house" / "keys"
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700
    assert {stat.S_IMODE(key.stat().st_mode) for key in keys.iterdir()} == {0o600}


def test_the_token_is_kept_only_as_its_digest(tmp_path: Path) -> None:
    token = create_house(tmp_path / "house", "a", "admin").token
    everything = b"".join(path.read_bytes() for path in (tmp_path / "house").rglob("*") if path.is_file())
    assert token.encode() not in everything
    assert token_digest(token).encode() in everything


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "house").mkdir()
    (tmp_path / "house" / "precious").write_text("x")
    with pytest.raises(FileExistsError, match="nothing was touched"):
        create_house(tmp_path / "house", "a", "admin")
    assert [path.name for path in tmp_path.rglob("*")] == ["house", "precious"]


def test_an_empty_folder_may_become_the_house(tmp_path: Path) -> None:
    (tmp_path / "house").mkdir()
    create_house(tmp_path / "house", "a", "admin")
    assert (tmp_path / "house" / "muster.toml").is_file()


@pytest.mark.parametrize(("origin", "admin"), [("two words", "admin"), ("", "admin"), ("a+b", "admin"), ("a", "a b")])
def test_names_that_cannot_be_used_leave_nothing_behind(tmp_path: Path, origin: str, admin: str) -> None:
    with pytest.raises(ValueError):
        create_house(tmp_path / "house", origin, admin)
    assert list(tmp_path.iterdir()) == []


def test_a_failure_half_way_leaves_nothing_behind(tmp_path: Path) -> None:
    def broken() -> Clock:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space") as caught:
        create_house(tmp_path / "house", "a", "admin", clock=broken)
    assert caught.value.filename == str(tmp_path / "house")
    assert list(tmp_path.iterdir()) == []


def test_an_origin_with_quotes_survives_the_file(tmp_path: Path) -> None:
    made = create_house(tmp_path / "house", 'a"b\\c', "admin")
    assert read_settings({"home": made.home}, {}).origin == 'a"b\\c'


def test_what_was_recorded_can_be_read_as_records(tmp_path: Path) -> None:
    made = create_house(tmp_path / "house", "a", "admin")
    house = open_house(read_settings({"home": made.home}, {}))
    from muster.records.codec import decode

    root, signed, actor, token = [recorded.entry.body for recorded in house.ledger.read()]
    assert decode(SignedRoot, signed).version == 1
    assert decode(TrustRoot, root).version == 1
    assert [role.value for role in decode(Actor, actor).roles] == ["admin"]
    assert decode(IssuedToken, token).digest == token_digest(made.token)
    close_house(house)
