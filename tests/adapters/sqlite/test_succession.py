"""Ledger keys come and go by trust roots: what a withdrawn key signed before stays good, nothing it signs after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.adapters.sqlite.conftest import made
from tests.rules.scene import NOW, ROOT, grant, key

from muster.adapters.keys import KeyFile
from muster.adapters.signatures import verify
from muster.adapters.sqlite.ledger import SqliteLedger
from muster.adapters.sqlite.table import Table
from muster.records.codec import encode, kind_of
from muster.records.entry import Entry
from muster.records.trust import Duty, KeyGrant, SignedRoot, TrustRoot
from muster.rules.note import Checkpoint, sign_checkpoint
from muster.rules.trust import fingerprint, sign_root

PINNED = fingerprint(ROOT)
OLD, NEW = key("ledger"), key("ledger-2")


def root(version: int, *ledger_keys: str) -> TrustRoot:
    rest = tuple(each for each in ROOT.grants if each.duty is not Duty.LEDGER)
    keys = tuple(grant(Duty.LEDGER, name) for name in ledger_keys)
    return replace(ROOT, version=version, grants=(*rest, *keys))


def signed(document: TrustRoot) -> Entry:
    text = sign_root(document, [(KeyGrant(Duty.ROOT, key("root").key), key("root").sign)])
    said = SignedRoot(document.version, text)
    return Entry(kind_of(SignedRoot), said.subject, "admin", NOW + timedelta(seconds=document.version), encode(said))


@dataclass
class House:
    folder: Path
    opened: list[SqliteLedger]

    def open(self, signer: KeyFile, *, writes: bool = True, seen: str = "seen") -> SqliteLedger:
        ledger = SqliteLedger(
            self.folder / "ledger.sqlite",
            origin=ROOT.origin,
            key=signer.key,
            verify=verify,
            signer=signer if writes else None,
            seen=self.folder / seen,
            pinned=PINNED,
        )
        self.opened.append(ledger)
        return ledger


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    here = House(tmp_path, [])
    with here.open(OLD) as ledger:
        ledger.append([signed(root(1, "ledger"))])
        ledger.append([made(1)])
    yield here
    for ledger in here.opened:
        ledger.close()


def test_a_new_key_takes_over_with_the_root_that_names_it(house: House) -> None:
    with house.open(NEW) as ledger:
        assert ledger.size == 2, "what the old key signed is read"
        with pytest.raises(PermissionError, match="is not named by the trust root"):
            ledger.append([made(2)])
        ledger.append([signed(root(2, "ledger-2"))])
        ledger.append([made(3)])
        assert ledger.verify() == 4
    with house.open(NEW, seen="another machine") as fresh:
        assert fresh.audit().checkpoints == 4
    with house.open(NEW, writes=False) as reader:
        assert reader.size == 4


def test_two_keys_may_overlap_so_that_nothing_stands_still(house: House) -> None:
    running = house.open(OLD)
    running.append([signed(root(2, "ledger", "ledger-2"))])
    successor = house.open(NEW)
    successor.append([made(2)])
    running.append([made(3)])
    assert running.size == 5
    successor.append([signed(root(3, "ledger-2"))])
    running.refresh()
    with pytest.raises(PermissionError, match="put the key that is named in its place"):
        running.append([made(4)])
    successor.append([made(5)])
    assert house.open(NEW, seen="another machine").audit().entries == 7


def test_a_root_that_would_lock_the_ledger_out_is_not_written(house: House) -> None:
    ledger = house.open(OLD)
    with pytest.raises(PermissionError, match="put the key that is named in its place and start again"):
        ledger.append([signed(root(2, "ledger-2"))])
    ledger.append([made(2)])
    assert ledger.verify() == 3


def test_a_thief_of_the_old_key_writes_nothing_after_its_time(house: House) -> None:
    with house.open(NEW) as ledger:
        ledger.append([signed(root(2, "ledger-2"))])
        ledger.append([made(3)])
        tree = ledger._fold.tree
        stolen = sign_checkpoint(Checkpoint(ROOT.origin, 4, tree.root()), OLD.key, OLD.sign)
    table = Table(house.folder / "ledger.sqlite", writable=True)
    with table.writing():
        table._connection.execute("UPDATE checkpoint SET note = ? WHERE size = 4", (stolen,))
    table.close()
    for signer, seen in ((OLD, "another machine"), (NEW, "another machine"), (NEW, "seen")):
        with pytest.raises(ValueError, match="checkpoint of 4 entries is not one of this ledger"):
            house.open(signer, seen=seen)


def test_what_follows_from_no_root_names_no_key(house: House) -> None:
    forged = Entry(kind_of(SignedRoot), "trust-root", "admin", NOW, encode(SignedRoot(2, "{}")))
    twice = replace(signed(root(3, "ledger-2")), at=NOW)
    with house.open(OLD) as ledger:
        ledger.append([forged, twice])
        ledger.append([made(4)])
    with house.open(OLD) as ledger:
        assert ledger.verify() == 5


def test_without_a_pinned_root_the_key_stays_for_ever(tmp_path: Path) -> None:
    def open_plain(signer: KeyFile) -> SqliteLedger:
        place, seen = tmp_path / "plain.sqlite", tmp_path / "plain"
        return SqliteLedger(place, origin=ROOT.origin, key=signer.key, verify=verify, signer=signer, seen=seen)

    with open_plain(OLD) as ledger:
        ledger.append([signed(root(1, "ledger")), signed(root(2, "ledger-2"))])
    with pytest.raises(ValueError, match="damaged or not of this ledger"):
        open_plain(NEW)
