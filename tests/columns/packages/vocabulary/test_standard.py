from __future__ import annotations

import sys

from muster.columns.packages.vocabulary import standard


def test_this_pythons_standard_library_is_all_there() -> None:
    assert {name for name in sys.stdlib_module_names if not name.startswith("_")} <= standard.PYTHON


def test_so_are_modules_of_other_versions() -> None:
    assert {"urllib2", "distutils", "tomllib", "asyncore", "imp", "zoneinfo", "annotationlib"} <= standard.PYTHON


def test_modules_of_node_are_told_from_packages_of_their_name() -> None:
    assert all(map(standard.node, ("fs", "fs/promises", "node:test", "node:sqlite", "electron", "bun:test")))
    assert not any(map(standard.node, ("test", "sqlite", "express", "fsx")))
