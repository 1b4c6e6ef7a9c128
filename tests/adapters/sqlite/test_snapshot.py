from pathlib import Path
from typing import Any

import pytest

from muster.adapters.keys import KeyFile
from muster.adapters.signatures import verify
from muster.adapters.sqlite.fold import Fold
from muster.adapters.sqlite.snapshot import FEWEST, Snapshot
from muster.records.trust import Algorithm
from muster.rules.merkle import leaf_hash

LEAVES = [leaf_hash(number.to_bytes(4, "big")) for number in range(FEWEST)]


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> KeyFile:
    return KeyFile.create(tmp_path_factory.mktemp("key") / "ledger.pem", Algorithm.ED25519)


def filled(count: int = FEWEST) -> Fold:
    fold = Fold()
    for seq in range(count):
        fold.note(seq, "thing.done", f"thing:{seq % 7}")
    fold.tree.extend(LEAVES[:count])
    return fold


def snapshot(path: Path, key: KeyFile, origin: str = "here") -> Snapshot:
    return Snapshot(path / "snapshot", origin, key.key, verify)


def test_a_snapshot_brings_back_the_fold(tmp_path: Path, key: KeyFile) -> None:
    fold = filled()
    snapshot(tmp_path, key).keep(fold, key, closing=True)
    assert snapshot(tmp_path, key).load().dump() == fold.dump()


def test_few_entries_are_read_again_instead(tmp_path: Path, key: KeyFile) -> None:
    snapshot(tmp_path, key).keep(filled(FEWEST - 1), key, closing=True)
    snapshot(tmp_path, key).keep(filled(), key)
    assert not (tmp_path / "snapshot").exists()
    kept = snapshot(tmp_path, key)
    kept.keep(filled(), key, closing=True)
    (tmp_path / "snapshot").unlink()
    kept.keep(filled(), key, closing=True)
    assert not (tmp_path / "snapshot").exists(), "it is not written again before enough has come"


def test_any_damage_makes_it_worthless(tmp_path: Path, key: KeyFile) -> None:
    snapshot(tmp_path, key).keep(filled(), key, closing=True)
    path = tmp_path / "snapshot"
    content = path.read_bytes()
    places = {0, 1, 5, 30, len(content) // 2, len(content) - 1}
    for place in places:
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        assert snapshot(tmp_path, key).load().tree.size == 0
    for broken in (b"", b"\n", content[:-1], content + b"x", content[:100], b"9" * 5000 + content):
        path.write_bytes(broken)
        assert snapshot(tmp_path, key).load().tree.size == 0


def test_another_key_or_ledger_does_not_count(tmp_path: Path, key: KeyFile) -> None:
    other = KeyFile.create(tmp_path / "other.pem", Algorithm.ED25519)
    snapshot(tmp_path, other).keep(filled(), other, closing=True)
    assert snapshot(tmp_path, key).load().tree.size == 0
    snapshot(tmp_path, key, "elsewhere").keep(filled(), key, closing=True)
    assert snapshot(tmp_path, key).load().tree.size == 0
    (tmp_path / "snapshot").unlink()
    assert snapshot(tmp_path, key).load().tree.size == 0


def test_a_snapshot_that_cannot_be_written_is_done_without(tmp_path: Path, key: KeyFile) -> None:
    (tmp_path / "snapshot").mkdir()
    (tmp_path / "snapshot" / "inside").touch()
    snapshot(tmp_path, key).keep(filled(), key, closing=True)
    assert snapshot(tmp_path, key).load().tree.size == 0


def test_opening_with_a_snapshot_gives_the_same_ledger(place: Any, entry: Any) -> None:
    place.fill(1200, each=400)
    file = place.seen.with_name("ledger.snapshot")
    assert file.exists()
    with place.open() as ledger:
        ledger.append([entry(1200)])
    quick = place.open(reader=True)
    file.write_bytes(file.read_bytes()[:-1])
    slow = place.open(reader=True)
    assert quick.size == slow.size == quick.verify() == 1201
    assert quick.inclusion(1100, 1201) == slow.inclusion(1100, 1201)
    assert list(quick.read(subject="thing:2", start=1190)) == list(slow.read(subject="thing:2", start=1190))


def test_a_snapshot_of_more_than_the_database_holds_speaks_against_it(place: Any) -> None:
    place.fill(600, each=600)
    old = place.database.read_bytes()
    with place.open() as ledger:
        ledger.append([recorded.entry for recorded in ledger.read()])
    place.database.write_bytes(old)
    place.seen.unlink()
    place.seen.with_name("ledger.latest").unlink()
    with pytest.raises(ValueError, match="old copy of the database was restored: it has 600 entries, and 1200"):
        place.open()
