from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.adapters.packageindex.stub import Stub

from muster.adapters.packageindex.index import Index
from muster.adapters.packageindex.single import MOST, PAUSE, ask
from muster.columns.packages.listed import Listed
from muster.columns.packages.names import Status
from muster.records.language.packages import Ecosystem

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def _ask(ecosystem: Ecosystem, address: str, *names: str) -> dict[str, Listed | None]:
    index = Index(ecosystem, (address,), "--index")
    answers = list(ask(index, names, lambda: NOW, lambda _: None))
    assert all(answer.asked_at == NOW for answer in answers)
    return {answer.name: answer.listed for answer in answers}


@pytest.mark.enable_socket
def test_python_projects_tell_first_upload_and_status(server: Stub) -> None:
    assert _ask(Ecosystem.PYPI, server.simple, "numpy", "fresh", "yanked", "empty", "held", "absent") == {
        "numpy": Listed("numpy", None, date(2006, 12, 2)),
        "fresh": Listed("fresh", None, date(2026, 11, 20)),
        "yanked": Listed("yanked", None, date(2020, 1, 1), Status.REMOVED),
        "empty": Listed("empty", status=Status.REMOVED),
        "held": Listed("held", status=Status.QUARANTINED),
        "absent": None,
    }


@pytest.mark.enable_socket
def test_npm_packages_tell_whether_they_were_taken_down(server: Stub) -> None:
    found = _ask(Ecosystem.NPM, f"{server.address}/npm", "left-pad", "@acme/tool", "malice", "unpublished", "@a/none")
    assert found == {
        "left-pad": Listed("left-pad", None, date(2014, 3, 14)),
        "@acme/tool": Listed("@acme/tool"),
        "malice": Listed("malice", status=Status.REMOVED),
        "unpublished": Listed("unpublished", status=Status.REMOVED),
        "@a/none": None,
    }
    assert server.asked[1][0] == "/npm/@acme%2Ftool"


@pytest.mark.enable_socket
def test_an_answer_that_cannot_be_read_or_a_failing_index_is_no_answer(server: Stub) -> None:
    with pytest.raises(ValueError, match="what the index says of 'odd' cannot be read"):
        _ask(Ecosystem.PYPI, server.simple, "odd")
    server.broken = "500"
    with pytest.raises(OSError, match="answered 500"):
        _ask(Ecosystem.PYPI, server.simple, "numpy")


@pytest.mark.enable_socket
def test_requests_come_one_after_the_other_with_a_pause_and_not_without_end(server: Stub) -> None:
    pauses: list[float] = []
    index = Index(Ecosystem.PYPI, (server.simple,), "--index")
    list(ask(index, ["numpy", "fresh", "numpy", "held"], lambda: NOW, pauses.append))
    assert pauses == [PAUSE, PAUSE]
    with pytest.raises(ValueError, match=f"an index is asked for {MOST} at most"):
        list(ask(index, [f"n{number}" for number in range(MOST + 1)], lambda: NOW, pauses.append))


def test_a_folder_is_asked_too(tmp_path: Path) -> None:
    (tmp_path / "numpy").mkdir()
    found = _ask(Ecosystem.PYPI, tmp_path.as_uri(), "numpy", "absent")
    assert found == {"numpy": Listed("numpy"), "absent": None}
