"""A vault gives back what was sealed, until its key is destroyed: then nobody can read it, and that is said."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from muster.adapters.vault.folder import FolderVault
from muster.ports.vault import Erased

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
WORDS = b"I know this applicant's cousin"


def everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


@pytest.fixture
def vault(tmp_path: Path) -> FolderVault:
    return FolderVault(tmp_path / "vault", lambda: NOW)


def test_what_was_sealed_comes_back_and_stands_nowhere_in_plain(vault: FolderVault, tmp_path: Path) -> None:
    digest = vault.seal("ana", WORDS)
    assert FolderVault(tmp_path / "vault", lambda: NOW).open(digest) == WORDS
    assert WORDS not in everything(tmp_path)
    assert b"ana" not in everything(tmp_path)
    assert vault.held("ana") == [digest]


def test_erasing_one_person_leaves_the_others_and_no_key(vault: FolderVault, tmp_path: Path) -> None:
    mine, other = vault.seal("ana", WORDS), vault.seal("ben", b"other")
    keys = {path.read_bytes() for path in tmp_path.rglob("*.key")}
    assert vault.locked_until("ana") is None
    vault.erase("ana")
    with pytest.raises(Erased, match="was erased"):
        vault.open(mine)
    assert vault.open(other) == b"other"
    assert len([key for key in keys if key in everything(tmp_path)]) == 1
    assert vault.held("ana") == []


def test_locked_bytes_stay_but_are_unreadable_at_once(tmp_path: Path) -> None:
    now = NOW
    vault = FolderVault(tmp_path, lambda: now)
    until = NOW + timedelta(days=30)
    digest = vault.seal("ana", WORDS, until)
    sealed = vault.sealed(digest)
    assert vault.locked_until("ana") == until
    vault.erase("ana")
    assert vault.sealed(digest) == sealed
    with pytest.raises(Erased):
        vault.open(digest)
    assert vault.sweep() == 0
    now = until
    assert vault.sweep() == 1
    with pytest.raises(Erased):
        vault.sealed(digest)


def test_who_comes_back_gets_another_key(vault: FolderVault) -> None:
    first = vault.seal("ana", WORDS)
    vault.erase("ana")
    second = vault.seal("ana", b"new words")
    assert vault.open(second) == b"new words"
    with pytest.raises(Erased):
        vault.open(first)
    vault.erase("ana")
    for digest in (first, second):
        with pytest.raises(Erased):
            vault.open(digest)


def test_erasing_twice_or_nobody_is_no_error(vault: FolderVault) -> None:
    vault.erase("nobody")
    digest = vault.seal("ana", WORDS)
    vault.erase("ana")
    vault.erase("ana")
    with pytest.raises(Erased):
        vault.open(digest)


def test_an_erasure_that_was_cut_off_is_an_erasure(vault: FolderVault, tmp_path: Path) -> None:
    digest = vault.seal("ana", WORDS)
    (key,) = tmp_path.rglob("*.key")
    key.with_suffix(".erased").touch()
    with pytest.raises(Erased):
        vault.open(digest)
    again = vault.seal("ana", b"later")
    assert vault.open(again) == b"later"


def test_absent_and_altered_are_told_apart_from_erased(vault: FolderVault, tmp_path: Path) -> None:
    digest = vault.seal("ana", WORDS)
    (sealed,) = (tmp_path / "vault" / "sealed").rglob("?" * 64)
    good = sealed.read_bytes()
    sealed.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    with pytest.raises(ValueError, match="altered"):
        vault.open(digest)
    sealed.unlink()
    with pytest.raises(KeyError, match="removed, or another folder"):
        vault.open(digest)
    sealed.write_bytes(good)
    (key,) = tmp_path.rglob("*.key")
    key.unlink()
    with pytest.raises(KeyError, match="was not erased"):
        vault.open(digest)
    with pytest.raises(ValueError, match="is not a digest"):
        vault.open("../../etc")


def test_many_at_once_lose_nothing(tmp_path: Path) -> None:
    def one(place: int) -> str:
        return FolderVault(tmp_path, lambda: NOW).seal("ana", str(place).encode())

    with ThreadPoolExecutor(8) as pool:
        digests = list(pool.map(one, range(24)))
    vault = FolderVault(tmp_path, lambda: NOW)
    assert sorted(int(vault.open(digest)) for digest in digests) == list(range(24))
    assert len(list(tmp_path.rglob("*.key"))) == 1
    assert sorted(vault.held("ana")) == sorted(digests)


def test_only_the_owner_may_look_into_it(vault: FolderVault, tmp_path: Path) -> None:
    vault.seal("ana", WORDS)
    assert {path.stat().st_mode & 0o077 for path in tmp_path.rglob("*.key")} == {0}
    assert (tmp_path / "vault").stat().st_mode & 0o077 == 0


def test_one_sealed_blob_may_go_and_the_rest_stays(tmp_path: Path) -> None:
    now = NOW
    vault = FolderVault(tmp_path, lambda: now)
    first, second = vault.seal("ana", WORDS), vault.seal("ana", b"more", NOW + timedelta(days=1))
    vault.remove(first)
    with pytest.raises(Erased):
        vault.open(first)
    with pytest.raises(PermissionError, match="locked until 2026-11-24"):
        vault.remove(second)
    assert vault.open(second) == b"more"
    assert vault.held("ana") == [second]
    now = NOW + timedelta(days=1)
    vault.remove(second)
    assert vault.held("ana") == []
