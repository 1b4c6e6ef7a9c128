from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.adapters.packageindex.stub import ETAG, PROJECTS, Stub

from muster.adapters.packageindex.index import Index
from muster.adapters.packageindex.names import listing
from muster.records.language.packages import Ecosystem

ALL = [*PROJECTS, "zope-interface"]


def _index(*addresses: str) -> Index:
    return Index(Ecosystem.PYPI, addresses, "--index")


def _names(index: Index) -> list[str]:
    with listing(index) as found:
        assert found is not None
        return [listed.name for listed in found.names]


@pytest.mark.enable_socket
def test_all_names_come_with_what_the_index_calls_the_state_of_its_list(server: Stub) -> None:
    lines: list[str] = []
    with listing(_index(server.simple), progress=lines.append) as found:
        assert found is not None
        assert found.about.serial is None
        assert [listed.name for listed in found.names] == ALL
        assert (found.etag, found.about.serial) == (ETAG, 31)
    assert lines == [f"asking {server.simple.rstrip('/')} (from --index)"]
    with listing(_index(server.simple), ETAG) as found:
        assert found is None


@pytest.mark.enable_socket
def test_older_indexes_answer_with_a_page_and_some_send_one_elsewhere(server: Stub) -> None:
    server.broken = "html"
    assert _names(_index(server.simple)) == ALL
    server.broken = "moved"
    assert _names(_index(server.simple.rstrip("/"))) == ALL


@pytest.mark.enable_socket
def test_several_indexes_are_one_list_and_a_folder_is_an_index(server: Stub, tmp_path: Path) -> None:
    (tmp_path / "acme-tool").mkdir()
    (tmp_path / "index.html").write_text("")
    folder = tmp_path.as_uri()
    assert _names(_index(folder)) == ["acme-tool"]
    assert _names(_index(server.simple, folder)) == [*ALL, "acme-tool"]
    assert _names(_index(folder, server.simple)) == ["acme-tool", *ALL]
    lines: list[str] = []
    with listing(_index(server.simple, (tmp_path / "none").as_uri()), progress=lines.append) as found:
        assert found is not None
        assert len(list(found.names)) == len(ALL)
    assert lines[-1].endswith("none: no folder of an index is there: passed over")
    with listing(_index(server.simple, folder), ETAG) as found:
        assert found is not None
        assert found.etag == ""


@pytest.mark.enable_socket
@pytest.mark.parametrize(
    ("broken", "what"),
    [
        ("500", "answered 500: is it the address of an index"),
        ("401", "answered 401: check user name and password"),
        ("text", "it answered with text/plain, not with names"),
        ("cut", r"is it the right address, and the network up\?|cut off"),
    ],
)
def test_what_is_no_list_is_refused(server: Stub, broken: str, what: str) -> None:
    server.broken = broken
    with pytest.raises((OSError, ValueError), match=what):
        _names(_index(server.simple))
    with pytest.raises((OSError, ValueError), match=what):
        _names(_index(Path("/").as_uri(), server.simple))


def test_a_folder_that_is_not_there_and_a_registry_without_a_list_are_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no folder of an index"):
        _names(_index((tmp_path / "none").as_uri()))
    npm = replace(_index("https://a.example"), ecosystem=Ecosystem.NPM)
    with pytest.raises(LookupError, match="do not list their names: bring a file with muster packages import FILE"):
        _names(npm)
