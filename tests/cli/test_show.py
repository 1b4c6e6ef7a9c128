from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from muster.cli.session import Session
from muster.cli.show import decision_in, show
from muster.lifecycle.access.actors import NewActor
from muster.lifecycle.data import DatasetLine
from muster.lifecycle.desk.action import Download
from muster.lifecycle.monitor import Window
from muster.records.decision import Decision, Question, Verdict
from muster.settings import Settings

QUESTION = Question("sha256:" + "a" * 64, "credit", "production")


def _decision(verdict: Verdict) -> Decision:
    return Decision(QUESTION, verdict, (), "sha256:p", "sha256:l", 1, datetime(2026, 11, 23, tzinfo=UTC))


@pytest.mark.parametrize(("verdict", "code"), [(Verdict.ALLOW, 0), (Verdict.WAIT, 1), (Verdict.REFUSE, 1)])
@pytest.mark.parametrize("as_json", [True, False])
def test_only_allow_is_exit_code_0(verdict: Verdict, code: int, as_json: bool) -> None:
    assert show(_decision(verdict), Session(Settings(), as_json)) == code


def test_a_decision_inside_a_result_counts() -> None:
    window = Window("live", "sha256:v", 1, 0, 0, (), _decision(Verdict.REFUSE))
    assert decision_in(window) == window.decision
    assert decision_in(NewActor("ana", (), "t")) is None
    assert show(window, Session(Settings(), as_json=True)) == 1


def test_json_is_the_whole_result(capsys: pytest.CaptureFixture[str]) -> None:
    show(NewActor("ana", ("owner",), "tök"), Session(Settings(), as_json=True))
    assert json.loads(capsys.readouterr().out) == {
        "id": "ana",
        "roles": ["owner"],
        "token": "tök",
        "expires_at": None,
        "proposals": [],
    }


def test_a_file_is_written_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.zip"
    session = Session(Settings(), output=path)
    assert show(Download("../evil.zip", b"one"), session) == 0
    with pytest.raises(FileExistsError, match="exists already and was left alone"):
        show(Download("x.zip", b"two"), session)
    assert path.read_bytes() == b"one"
    show(Download("x.zip", b"two"), Session(Settings(), as_json=True, output=path, force=True))
    assert path.read_bytes() == b"two"
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {"written": str(path), "bytes": 3}


def test_a_suggested_name_cannot_leave_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    show(Download("../../evil.zip", b"x"), Session(Settings()))
    assert [path.name for path in tmp_path.rglob("*.zip")] == ["evil.zip"]
    assert (tmp_path / "here" / "evil.zip").is_file()


def test_digests_alone_are_for_scripts(capsys: pytest.CaptureFixture[str]) -> None:
    line = DatasetLine("people", "sha256:ab", "source", 3, 2, (), "here", "none")
    session = Session(Settings(), only_digest=True)
    assert show(line, session) == 0
    assert show((line, replace(line, digest="sha256:cd")), session) == 0
    assert show((), session) == 0
    assert capsys.readouterr().out == "sha256:ab\nsha256:ab\nsha256:cd\n"


def test_json_gives_no_orders_to_a_terminal_and_stays_the_same_json(capsys: pytest.CaptureFixture[str]) -> None:
    given = {"name": "\x9b2J\u202e\x7f Zürich"}
    assert show(given, Session(Settings(), as_json=True)) == 0
    written = capsys.readouterr().out
    assert written.replace("\n", "").isprintable()
    assert "Zürich" in written
    assert json.loads(written) == given
