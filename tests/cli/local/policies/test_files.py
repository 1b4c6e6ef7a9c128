from __future__ import annotations

import json
from pathlib import Path

import pytest

from muster.cli.main import run

CHILD = "id: credit-eu\nextends: consumer-credit\nrelease_life_days: 7\n"


@pytest.fixture
def child(tmp_path: Path) -> Path:
    (tmp_path / "eu.yaml").write_text(CHILD, encoding="utf-8")
    return tmp_path / "eu.yaml"


def test_a_sound_policy_is_said_to_be_with_its_digest(child: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["policy", "lint", str(child)]) == 0
    assert f"{child}: sound, sha256:" in capsys.readouterr().out


def test_faults_of_all_files_are_told_and_the_code_is_1(child: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = child.parent / "bad.yaml"
    bad.write_text(CHILD.replace("release_life_days: 7", "release_life_dais: 7"), encoding="utf-8")
    assert run(["policy", "lint", str(bad), str(child)]) == 1
    said = capsys.readouterr().out
    assert f"{bad}, line 3: release_life_dais: unknown field" in said
    assert "did you mean release_life_days?" in said
    assert f"{child}: sound" in said


def test_what_a_sound_policy_leaves_open_is_noted_and_no_fault(child: Path, capsys: pytest.CaptureFixture[str]) -> None:
    child.write_text(CHILD + "separation_along_lineage: false\n", encoding="utf-8")
    assert run(["policy", "lint", str(child)]) == 0
    said = capsys.readouterr().out
    assert f"{child}, line 4: note: separation_along_lineage: whoever brought or split the data" in said
    assert f"{child}: sound, sha256:" in said


def test_a_file_that_cannot_be_read_is_2(child: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["policy", "lint", str(child.parent / "none.yaml")]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_a_policy_is_shown_in_words_with_the_line_that_says_it(child: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["policy", "lint", "--show", str(child)]) == 0
    assert f"A release is good for 7 days.  ({child}, line 3)" in capsys.readouterr().out


def test_the_schema_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["policy", "schema"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "Policy"
