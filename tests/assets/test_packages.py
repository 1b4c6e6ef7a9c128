"""The lists of names that ship with muster: what is in them, how much room they take, and how they are built."""

from __future__ import annotations

import lzma
import sqlite3
from importlib import resources
from pathlib import Path

import pytest
from scripts import starter_packages

from muster.adapters.names.imports import Imports
from muster.adapters.names.snapshot import Snapshot

SHIPPED = Path(str(resources.files("muster"))) / "assets/packages"
LARGEST = 300_000
"""Bytes of all of it, compressed."""


@pytest.mark.parametrize(("ecosystem", "least"), [("pypi", 14_900), ("npm", 5_000)])
def test_the_most_used_names_are_there_and_are_said_to_be_some_of_many(ecosystem: str, least: int) -> None:
    names = Snapshot.open(SHIPPED / ecosystem)
    assert len(names) >= least
    assert not names.complete
    assert names.manifest.source == "starter"
    assert len(names.ranked()) >= least


def test_every_distribution_of_the_map_that_is_used_much_is_in_the_list() -> None:
    names = Snapshot.open(SHIPPED / "pypi")
    imports = Imports(SHIPPED / "imports", names.rank)
    for module in ("cv2", "PIL", "yaml", "bs4", "sklearn", "git", "rest_framework", "win32com", "google.protobuf"):
        claims = imports.distributions(module)
        assert claims
        assert all(claim.distribution in names for claim in claims)


def test_they_take_little_room() -> None:
    files = sorted(path for path in SHIPPED.rglob("*") if path.is_file())
    assert len(lzma.compress(b"".join(path.read_bytes() for path in files))) < LARGEST
    assert (SHIPPED / "README.md") in files


def test_they_are_built_from_tables_that_one_brings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pypi.tsv").write_text(
        "name\trank\nopencv-python\t5\nopencv-contrib-python\t9\nmlflow\t3\nmlflow-skinny\t2\nsetuptools\t1\n"
        "apache-airflow-providers-cncf-kubernetes\t7\nunranked\t\nwrong\t8\n"
    )
    (tmp_path / "npm.tsv").write_text("name\tdownloads\nreact\t100\nvue\t90\nunused\t\n")
    with sqlite3.connect(tmp_path / "modules.sqlite") as database:
        database.execute("CREATE TABLE distributions (id INTEGER, name TEXT)")
        database.execute("CREATE TABLE top_level_module_names (distribution_id INTEGER, name TEXT)")
        held = {
            "opencv_contrib_python": ["cv2"],
            "OpenCV.Python": ["cv2", "not a module", "class"],
            "mlflow": ["mlflow"],
            "mlflow-skinny": ["mlflow"],
            "unranked": ["something"],
            "wrong": ["__init__", "tests"],
        }
        for number, (name, modules) in enumerate(held.items()):
            database.execute("INSERT INTO distributions VALUES (?, ?)", (number, name))
            database.executemany("INSERT INTO top_level_module_names VALUES (?, ?)", [(number, one) for one in modules])
    tables = [f"--{name}={tmp_path / file}" for name, file in (("pypi", "pypi.tsv"), ("npm", "npm.tsv"))]
    modules_of = f"--modules={tmp_path / 'modules.sqlite'}"
    starter_packages.main([*tables, modules_of, "--taken=2026-11-23", f"--into={tmp_path / 'lists'}"])
    assert "pypi: 7 names" in capsys.readouterr().out
    names = Snapshot.open(tmp_path / "lists/pypi")
    assert "unranked" not in names
    assert Snapshot.open(tmp_path / "lists/npm").ranked() == ["react", "vue"]
    imports = Imports(tmp_path / "lists/imports", names.rank)

    def held_by(module: str) -> list[str]:
        return [claim.distribution for claim in imports.distributions(module)]

    assert held_by("cv2") == ["opencv-python", "opencv-contrib-python"]
    assert held_by("airflow.providers.cncf.kubernetes") == ["apache-airflow-providers-cncf-kubernetes"]
    assert held_by("pkg_resources") == ["setuptools"]
    for module in ("mlflow", "something", "class", "not a module", "__init__"):
        assert held_by(module) == []
