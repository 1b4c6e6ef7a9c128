from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from muster.cli.local.ci.gate import gate
from muster.cli.main import run
from muster.cli.session import Session
from muster.settings import Settings

if TYPE_CHECKING:
    from tests.walk import Walked


def _reports(folder: Path) -> list[str]:
    return ["--junit", str(folder / "gate.xml"), "--sarif", str(folder / "gate.sarif")]


def _failed(folder: Path) -> tuple[int, int]:
    """Return how many cases failed or erred, and how many results the other report has."""
    root = ET.parse(folder / "gate.xml").getroot()  # noqa: S314 - our own
    (ran,) = json.loads((folder / "gate.sarif").read_text())["runs"]
    return int(root.get("failures", "")) + int(root.get("errors", "")), len(ran["results"])


def test_exit_codes_checklist_and_reports_say_the_same(
    walked: Walked, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--home", str(walked.home), "--as", "mia"]
    asked = ["gate", walked.version, *where, *_reports(tmp_path)]
    before = len(walked.do("mia", "ledger show", last=9999))
    assert run(asked) == 0
    assert capsys.readouterr().out.startswith(f"ALLOWED  {walked.version}\nmay it serve consumer-credit in production?")
    assert _failed(tmp_path) == (0, 0)

    sibling = walked.sibling()
    walked.close()
    for named in (sibling, "consumer-credit", "credit"):  # the last two: the newest
        assert run(["gate", named, "--to", "production", *where, *_reports(tmp_path)]) == 1
        said = capsys.readouterr().out
        assert said.startswith(f"REFUSED  {sibling}\n")
        assert "[ ] discrimination missing" in said
        assert "What next:" in said
        failed, results = _failed(tmp_path)
        assert failed == results > 1

    assert run(["gate", walked.version, "--to", "nowhere", *where, *_reports(tmp_path)]) == 2
    assert "no adopted policy covers it" in capsys.readouterr().err
    assert _failed(tmp_path) == (1, 0)
    assert run(["gate", "--to", "production", "feed", *where, *_reports(tmp_path)]) == 2  # options first
    assert "model version 'feed' is not known here" in (tmp_path / "gate.xml").read_text()
    assert len(walked.do("mia", "ledger show", last=9999)) == before + 2  # the sibling; asking wrote nothing


def test_json_is_the_decision(walked: Walked, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["gate", walked.version, "--home", str(walked.home), "--as", "mia", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["verdict"] == "allow"


class _Desk:
    def call(self, name: str, _: Any, __: Any) -> Any:
        assert name == "model list"
        line = {"model": "credit", "registry": "", "digest": "sha256:a"}
        return tuple(SimpleNamespace(use_case=each, **line) for each in ("cards", "loans"))


def test_a_name_that_several_use_cases_have_could_not_be_told(tmp_path: Path) -> None:
    session = Session(Settings())
    session.__dict__["desk"] = _Desk()
    with pytest.raises(ValueError, match="several use cases \\(cards, loans\\): give the digest"):
        gate(session, "credit", junit=tmp_path / "gate.xml")
    assert "several use cases" in (tmp_path / "gate.xml").read_text()


def test_a_report_that_cannot_be_written_lets_nothing_pass(
    walked: Walked, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = str(tmp_path / "nowhere" / "gate.xml")
    assert run(["gate", walked.version, "--home", str(walked.home), "--as", "mia", "--junit", nowhere]) == 2
    assert "nowhere" in capsys.readouterr().err
