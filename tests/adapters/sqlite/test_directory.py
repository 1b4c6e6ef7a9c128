import sqlite3
import stat
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from muster.adapters.sqlite.directory import SqliteDirectory
from muster.ports.directory import Person, Session
from muster.records.access.credentials import SignInBy

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ANA = Person(
    "ana", "Ana García-Löwenstein", "ana@bank.example", "$argon2id$v=19$x", "https://idp.example", "sub-1", "0a"
)


class Clock:
    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def directory(tmp_path: Path, clock: Clock) -> Iterator[SqliteDirectory]:
    kept = SqliteDirectory(tmp_path / "directory.sqlite", clock)
    yield kept
    kept.close()


def opened(name: str = "s1", actor: str = "ana", minutes: int = 30) -> Session:
    expires = NOW + timedelta(minutes=minutes)
    return Session(name, actor, f"digest-{name}", SignInBy.PASSWORD, NOW, NOW, expires, ("auditor", "operator"))


def test_a_person_comes_back_as_they_were_kept(directory: SqliteDirectory) -> None:
    assert directory.person("ana") is None
    directory.keep(ANA)
    directory.keep(Person("abe"))
    assert directory.person("ana") == ANA
    assert directory.persons() == [Person("abe"), ANA]
    directory.keep(replace(ANA, name="Ana"))
    assert directory.person("ana") == replace(ANA, name="Ana")


def test_a_person_is_found_by_their_name_at_the_provider(directory: SqliteDirectory) -> None:
    directory.keep(ANA)
    directory.keep(Person("abe"))
    assert directory.linked("https://idp.example", "sub-1") == ANA
    for issuer, subject in (("https://idp.example", "sub-2"), ("https://other.example", "sub-1"), ("", "")):
        assert directory.linked(issuer, subject) is None


def test_sessions_are_open_until_they_end(directory: SqliteDirectory, clock: Clock) -> None:
    for each in (opened(), opened("s2", minutes=60), opened("s3", "abe")):
        directory.open_session(each)
    assert directory.session("digest-s1") == opened()
    assert {each.id for each in directory.sessions()} == {"s1", "s2", "s3"}
    assert [each.id for each in directory.sessions("abe")] == ["s3"]
    directory.close_session("s3")
    directory.close_session("s3")
    assert directory.sessions("abe") == []
    clock.now += timedelta(minutes=30)
    assert directory.session("digest-s1") is None
    assert [each.id for each in directory.sessions()] == ["s2"]


def test_a_use_of_a_session_is_noted(directory: SqliteDirectory) -> None:
    directory.open_session(opened())
    directory.touch("s1", NOW + timedelta(minutes=5))
    found = directory.session("digest-s1")
    assert found == replace(opened(), seen_at=NOW + timedelta(minutes=5))


def test_what_is_erased_is_in_no_file(directory: SqliteDirectory, tmp_path: Path) -> None:
    many = [Person(f"p{n:03}", f"Somebody Number {n:03}", f"somebody-{n:03}@bank.example") for n in range(400)]
    for person in (*many, ANA):
        directory.keep(person)
    for n in range(5):  # pages are filled, split and moved: each leaves traces if it is not overwritten
        directory.keep(replace(ANA, name=f"{ANA.name} {'x' * 900 * n}"))
        directory.open_session(opened(f"ana-{n}"))
    before = written(tmp_path)
    assert ANA.name.encode() in before
    assert b"digest-ana-3" in before
    directory.erase("ana")
    after = written(tmp_path)
    for trace in (ANA.name, ANA.email, ANA.password, ANA.issuer_subject, "García", "digest-ana-"):
        assert trace.encode() not in after, trace
    assert directory.person("ana") is None
    assert directory.persons() == many
    assert directory.sessions() == []
    directory.erase("ana")


def written(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_it_is_for_its_owner_s_eyes_only(directory: SqliteDirectory, tmp_path: Path) -> None:
    directory.keep(ANA)
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}


def test_two_processes_see_what_the_other_kept(directory: SqliteDirectory, tmp_path: Path, clock: Clock) -> None:
    other = SqliteDirectory(tmp_path / "directory.sqlite", clock)
    directory.keep(ANA)
    assert other.person("ana") == ANA
    other.erase("ana")
    assert directory.person("ana") is None
    other.close()


def test_threads_share_it(directory: SqliteDirectory) -> None:
    def work(number: int) -> None:
        for n in range(10):
            directory.keep(Person(f"p{number}-{n}"))
            assert directory.person(f"p{number}-{n}")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(directory.persons()) == 40


def test_an_older_file_gets_the_columns_that_persons_got_since(tmp_path: Path, clock: Clock) -> None:
    old = sqlite3.connect(tmp_path / "old.sqlite")
    old.execute("CREATE TABLE person(actor TEXT PRIMARY KEY, name TEXT NOT NULL DEFAULT '') WITHOUT ROWID")
    old.execute("INSERT INTO person VALUES ('ana', 'Ana')")
    old.commit()
    old.close()
    directory = SqliteDirectory(tmp_path / "old.sqlite", clock)
    assert directory.person("ana") == Person("ana", "Ana")
    directory.close()


def test_what_is_no_directory_is_an_error(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "x.sqlite").write_bytes(b"rubbish" * 1000)
    with pytest.raises(ValueError, match="damaged"):
        SqliteDirectory(tmp_path / "x.sqlite", clock)
