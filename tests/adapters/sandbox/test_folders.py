from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from muster.adapters.sandbox import folders
from muster.adapters.sandbox.folders import own_folder, sweep

CHILD = """
import sys, time
from pathlib import Path
from muster.adapters.sandbox.folders import own_folder
with own_folder(Path(sys.argv[1])) as folder:
    (folder / "rows.parquet").write_bytes(b"somebody")
    print(folder, flush=True)
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def _old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "_YOUNG", 0.0)


def test_a_folder_is_gone_with_its_task(tmp_path: Path) -> None:
    with own_folder(tmp_path) as folder:
        (folder / "in").mkdir()
        assert folder.parent == tmp_path
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_removed_and_what_a_living_one_uses_is_not(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", CHILD, str(tmp_path)], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        left = Path(child.stdout.readline().strip())
        sweep(tmp_path)
        assert (left / "rows.parquet").exists()
        child.kill()
        child.wait()
    assert left.is_dir()
    with own_folder(tmp_path) as folder:
        assert list(tmp_path.iterdir()) == [folder]


def test_what_is_not_of_ours_is_left_alone(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "muster-worker-link").symlink_to(elsewhere)
    (tmp_path / "muster-worker-file").write_text("a file")
    (tmp_path / "other").mkdir()
    sweep(tmp_path)
    assert len(list(tmp_path.iterdir())) == 4


def test_one_that_is_being_made_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "_YOUNG", 60.0)
    (tmp_path / "muster-worker-new").mkdir()
    assert time.time() - (tmp_path / "muster-worker-new").stat().st_ctime < 60
    sweep(tmp_path)
    assert (tmp_path / "muster-worker-new").exists()
