from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.adapters.packageindex.stub import PROJECTS, Stub, stub

from muster.adapters.packageindex.index import Index
from muster.records.language.packages import Ecosystem
from muster.settings import Settings, read_settings
from muster.wiring.packages.index import asked, index_of, sync
from muster.wiring.packages.lists import open_lists

PYPI, NPM = Ecosystem.PYPI, Ecosystem.NPM
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings({"packages": tmp_path / "packages"}, {})


@pytest.fixture
def server() -> Iterator[Stub]:
    with stub() as running:
        yield running


def _index(server: Stub, ecosystem: Ecosystem = PYPI) -> Index:
    return Index(ecosystem, (server.simple if ecosystem is PYPI else f"{server.address}/npm",), "--index")


@pytest.mark.enable_socket
def test_a_synced_list_is_complete_dated_and_names_its_index_by_digest_only(server: Stub, settings: Settings) -> None:
    lines: list[str] = []
    made = sync(settings, _index(server), lambda: NOW, lines.append)
    assert (made.complete, made.taken_at, made.source, made.serial) == (True, NOW, "index", 31)
    assert (made.names, made.index) == (len(PROJECTS) + 1, _index(server).fingerprint)
    names = open_lists(settings).names[PYPI]
    assert names.digest == made.digest
    assert "numpy" in names
    assert "requests" not in names
    assert (names.rank("numpy") or 0) > 0
    assert settings.packages is not None
    port = server.address.rpartition(":")[2]
    written = b"".join(path.read_bytes() for path in settings.packages.rglob("*") if path.is_file())
    assert port.encode() not in written


@pytest.mark.enable_socket
def test_a_list_that_has_not_changed_is_of_the_later_moment_and_costs_one_short_answer(
    server: Stub, settings: Settings
) -> None:
    first = sync(settings, _index(server), lambda: NOW, lambda _: None)
    lines: list[str] = []
    later = sync(settings, _index(server), lambda: NOW + timedelta(days=2), lines.append)
    assert lines[-1] == "nothing has changed"
    assert (later.taken_at - first.taken_at, later.serial, later.names) == (timedelta(days=2), 31, first.names)
    assert open_lists(settings).names[PYPI].taken_at == later.taken_at
    assert [headers.get("if-none-match") for _, headers in server.asked] == [None, '"31"']
    third = sync(settings, _index(server), lambda: NOW + timedelta(days=3), lines.append)
    assert third.taken_at == NOW + timedelta(days=3)


@pytest.mark.enable_socket
def test_an_index_that_lost_its_names_does_not_take_the_list_away(server: Stub, settings: Settings) -> None:
    server.names = [f"package-{number}" for number in range(100)]
    first = sync(settings, _index(server), lambda: NOW, lambda _: None)
    assert settings.packages is not None
    (settings.packages / "pypi/index.json").unlink()
    server.names = ["package-1"]
    with pytest.raises(ValueError, match="has 1 names, the list that it gave before 100: that list stays in use"):
        sync(settings, _index(server), lambda: NOW, lambda _: None)
    assert open_lists(settings).names[PYPI].digest == first.digest
    assert sync(settings, _index(server), lambda: NOW, lambda _: None, accept_fewer=True).names == 1


@pytest.mark.enable_socket
def test_a_failing_index_leaves_the_list_in_use(server: Stub, settings: Settings) -> None:
    first = sync(settings, _index(server), lambda: NOW, lambda _: None)
    for server.broken in ("500", "cut", "text"):
        (settings.packages or Path()).joinpath("pypi/index.json").unlink(missing_ok=True)
        with pytest.raises((OSError, ValueError)):
            sync(settings, _index(server), lambda: NOW, lambda _: None)
    assert open_lists(settings).names[PYPI].digest == first.digest


@pytest.mark.enable_socket
def test_what_was_asked_counts_over_a_partial_list_and_is_not_asked_twice(server: Stub, settings: Settings) -> None:
    lists = open_lists(settings)
    wanted = [(_index(server), ["fresh", "surely-absent"]), (_index(server, NPM), ["left-pad"])]
    found = asked(settings, lists, wanted, lambda: NOW, lambda _: None)
    names = found.names[PYPI]
    assert [name in names for name in ("fresh", "surely-absent", "requests")] == [True, False, True]
    assert names.first_upload("fresh") == datetime(2026, 11, 20, tzinfo=UTC)
    assert names.complete
    assert "left-pad" in found.names[NPM]
    before = len(server.asked)
    again = asked(settings, lists, [wanted[0]], lambda: NOW + timedelta(hours=2), lambda _: None)
    assert "fresh" in again.names[PYPI]
    assert len(server.asked) == before
    server.broken = "500"
    with pytest.raises(OSError, match="answered 500"):
        asked(settings, lists, [wanted[0]], lambda: NOW + timedelta(days=2), lambda _: None)


def test_an_index_is_the_configured_one_or_the_one_that_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", "https://pip.example/simple")
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", "https://npm.example")
    assert index_of(PYPI).addresses[0] == "https://pip.example/simple"
    assert index_of(NPM).addresses == ("https://npm.example",)
    (tmp_path / ".npmrc").write_text("//mine.example/:_authToken=t0k\n")
    named = index_of(NPM, "https://mine.example/")
    assert (named.addresses, named.told_by) == (("https://mine.example/",), "--index")
    assert named.authorization("https://mine.example/x") == "Bearer t0k"
    with pytest.raises(ValueError, match="use https"):
        index_of(PYPI, "http://far.example/simple")
    with pytest.raises(LookupError, match="bring a file"):
        index_of(Ecosystem.CONDA)
