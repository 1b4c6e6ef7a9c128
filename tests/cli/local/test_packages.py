from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.adapters.packageindex.stub import Stub, stub

from muster.cli.main import run


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project to stand in, and lists of its own."""
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("MUSTER_PACKAGES", str(tmp_path / "lists"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    (folder / "pyproject.toml").write_text('[project]\nname = "acme"\ndependencies = ["numpy"]\n')
    (folder / "acme.py").write_text("import numpy\nimport acme_sub\n")
    (folder / "acme_sub.py").write_text("import json\n")
    return folder


@pytest.fixture
def server() -> Iterator[Stub]:
    with stub() as running:
        yield running


def _names(project: Path, *names: str) -> str:
    path = project.parent / "names.txt"
    path.write_text("\n".join(names))
    return str(path)


def test_a_project_whose_packages_are_real_is_fine(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["packages", "check", "."]) == 0
    assert "4 packages named in 3 files: 0 stopped, 0 noted; fine" in capsys.readouterr().out
    assert run(["packages", "check", str(project / "acme.py")]) == 0


def test_what_does_not_exist_is_stopped_by_a_complete_list_and_unknown_to_a_partial_one(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "more.py").write_text("import surely_absent\n")
    assert run(["packages", "check", "."]) == 2
    assert "more.py:1:8: noted unknown: surely_absent" in capsys.readouterr().out
    assert run(["packages", "import", _names(project, "numpy"), "--complete"]) == 0
    assert run(["packages", "check", "more.py", "--sarif", "out.sarif"]) == 1
    assert "more.py:1:8: stopped nonexistent: surely_absent" in capsys.readouterr().out
    (result,) = json.loads((project / "out.sarif").read_text())["runs"][0]["results"]
    assert result["ruleId"] == "nonexistent"
    assert run(["packages", "check", ".", "--exclude", "more.py"]) == 0


def test_a_projects_own_name_may_be_installed_but_not_that_of_its_modules(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "README.md").write_text("```sh\npip install acme\npip install acme_sub\n```\n")
    assert run(["packages", "check", "README.md"]) == 2
    shown = capsys.readouterr().out
    assert "README.md:3:13: noted unknown: acme-sub" in shown or "README.md:3:13: noted unknown: acme_sub" in shown
    assert "README.md:2" not in shown


def test_json_says_the_same(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "run.sh").write_text("pip install cv2\n")
    assert run(["packages", "check", "run.sh", "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["outcome"] == "stopped"
    assert said["findings"][0]["suggestion"] == "opencv-python"


def test_standard_input_is_an_answer_or_what_name_says(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert project.is_dir()
    for text, more, code in (("Run `pip install json`.", [], 1), ("numpy\njson\n", ["--name", "requirements.txt"], 1)):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        assert run(["packages", "check", "-", *more]) == code
        assert "standard-library: json" in capsys.readouterr().out


def test_rules_are_a_file(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "rules.yaml").write_text("denied: [numpy]\nactions: {denied: annotate}\n")
    assert run(["packages", "check", "acme.py", "--rules", "rules.yaml"]) == 0
    assert "noted denied: numpy" in capsys.readouterr().out
    (project / "rules.yaml").write_text("denyed: [numpy]\n")
    assert run(["packages", "check", "acme.py", "--rules", "rules.yaml"]) == 2
    assert "rules.yaml, line 1" in capsys.readouterr().err


def test_files_that_cannot_be_judged_are_code_2(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["packages", "check", "none.py"]) == 2
    assert "none.py: nothing is there" in capsys.readouterr().err
    (project / "empty").mkdir()
    assert run(["packages", "check", "empty"]) == 2
    assert "no file here is one that names packages" in capsys.readouterr().out


def test_lists_and_single_packages_are_shown(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        run(["packages", "import", _names(project, "numpy"), "--complete", "--taken-at", "2026-11-20", "--json"]) == 0
    )
    assert json.loads(capsys.readouterr().out)["taken_at"] == "2026-11-20T00:00:00.000000Z"
    assert run(["packages", "list"]) == 0
    shown = capsys.readouterr().out
    assert "starter" in shown
    assert "2026-11-20" in shown
    assert run(["packages", "show", "numpy"]) == 0
    assert run(["packages", "show", "nunpy"]) == 1
    assert run(["packages", "show", "left-pad", "--ecosystem", "npm", "--json"]) == 2
    assert '"verdict": "unknown"' in capsys.readouterr().out


@pytest.mark.enable_socket
def test_sync_and_ask_go_to_the_index_that_pip_is_configured_to_use(
    project: Path, server: Stub, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", server.simple)
    (project / "more.py").write_text("import held\nimport surely_absent\n")
    assert run(["packages", "check", "more.py", "--ask"]) == 1
    shown = capsys.readouterr().out
    assert "stopped quarantined: held" in shown
    assert "stopped nonexistent: surely_absent" in shown
    assert run(["packages", "show", "fresh", "--ask"]) == 1
    monkeypatch.setenv("PIP_INDEX_URL", "http://far.example/simple")
    assert run(["packages", "check", "more.py", "--ask"]) == 2
    assert "the index was not asked: PIP_INDEX_URL: 'http://far.example/simple'" in capsys.readouterr().out
    monkeypatch.setenv("PIP_INDEX_URL", server.simple)
    assert run(["packages", "sync"]) == 0
    assert "from PIP_INDEX_URL" in capsys.readouterr().err
    assert run(["packages", "show", "numpy"]) == 0
    assert run(["packages", "sync", "--ecosystem", "npm", "--index", f"{server.address}/npm"]) == 2
    assert "do not list their names" in capsys.readouterr().err
