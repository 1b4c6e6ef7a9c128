from __future__ import annotations

from pathlib import Path

import pytest

from muster.cli.packages import files
from muster.cli.packages.files import decoded, found, read, worth_reading


def _write(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x")


def test_below_a_folder_only_what_may_name_packages_is_read(tmp_path: Path) -> None:
    wanted = [
        ".github/workflows/ci.yml",
        "Dockerfile",
        "README.md",
        "app/main.py",
        "package.json",
        "requirements-dev.txt",
        "web/src/App.tsx",
        "work.ipynb",
    ]
    passed = [
        ".git/config.py",
        ".hidden.py",
        ".venv/x.py",
        "data.json",
        "elsewhere/lib/x.py",
        "node_modules/left-pad/index.js",
        "notes.txt",
        "picture.png",
        "src/__pycache__/x.py",
    ]
    _write(tmp_path, *wanted, *passed, "elsewhere/pyvenv.cfg")
    (tmp_path / "link.py").symlink_to(tmp_path / "app/main.py")
    assert sorted(str(path.relative_to(tmp_path)) for path in found([str(tmp_path)])) == sorted(wanted)


def test_what_is_named_is_read_whatever_it_is_called_and_once(tmp_path: Path) -> None:
    _write(tmp_path, "notes.txt", "a.py", "b_pb2.py")
    named = [str(tmp_path / "notes.txt"), str(tmp_path / "a.py"), str(tmp_path)]
    assert [path.name for path in found(named, ["*_pb2.py"])] == ["notes.txt", "a.py"]
    with pytest.raises(FileNotFoundError, match="nothing is there"):
        list(found([str(tmp_path / "none")]))


def test_text_is_read_as_its_mark_says(tmp_path: Path) -> None:
    assert decoded("numpy\n".encode("utf-16")) == "numpy\n"
    assert decoded(b"\xef\xbb\xbfnumpy") == "numpy"
    assert decoded(b"import numpy # \xff") == "import numpy # \N{REPLACEMENT CHARACTER}"
    (tmp_path / "a.py").write_bytes(b"x" * (files.LARGEST + 1))
    with pytest.raises(ValueError, match="not read; pass it over with --exclude"):
        read(tmp_path / "a.py")


@pytest.mark.parametrize(
    "name", ["environment.yml", "pyproject.toml", "setup.py", "Pipfile", "tox.ini", "run.sh", "a.md"]
)
def test_manifests_scripts_and_pages_are_worth_reading(name: str) -> None:
    assert worth_reading(name)
