"""What the command of the second story does beside the story, which has tests of its own."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from muster.adapters.llamacpp import MISSING
from muster.cli.demo.narrator import Narrator
from muster.cli.local.language.code import take_lists
from muster.cli.main import run


def told(narrator: Narrator) -> str:
    assert isinstance(narrator.console.file, io.StringIO)
    return narrator.console.file.getvalue()


@pytest.fixture
def narrator() -> Narrator:
    return Narrator(Console(file=io.StringIO(), width=112))


def test_without_the_model_nothing_is_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("muster.wiring.inside.smallmodel.weights", lambda: None)
    assert run(["demo-code", "--home", str(tmp_path / "house")]) == 2
    assert MISSING in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_list_of_ones_own_is_complete(tmp_path: Path, narrator: Narrator) -> None:
    (tmp_path / "names.txt").write_text("numpy\nrequests\n")
    environment = {"MUSTER_PACKAGES": str(tmp_path / "packages")}
    take_lists(narrator, environment, tmp_path / "names.txt", sync=False)
    assert "a name that is missing from it does not exist" in told(narrator)
    assert list((tmp_path / "packages").iterdir())


def test_without_one_the_story_says_that_the_list_is_partial(tmp_path: Path, narrator: Narrator) -> None:
    take_lists(narrator, {"MUSTER_PACKAGES": str(tmp_path / "packages")}, None, sync=False)
    assert "unknown, never nonexistent" in " ".join(told(narrator).split())
    assert not (tmp_path / "packages").exists()


def test_a_file_that_is_no_list_ends_the_story(tmp_path: Path, narrator: Narrator) -> None:
    with pytest.raises(RuntimeError, match="no complete list could be had"):
        take_lists(narrator, {"MUSTER_PACKAGES": str(tmp_path / "packages")}, tmp_path / "absent.txt", sync=False)
