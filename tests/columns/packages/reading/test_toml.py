from __future__ import annotations

import pytest
from tests.columns.packages.reading.reading import names, read

from muster.columns.packages.reading.toml import Toml


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[project]\nname = "x"\ndependencies = [\n  "a>=1",  # why "not-b"\n  "c[d]",\n]\n', "a c"),
        ('[project.optional-dependencies]\ndev = ["a"]\ndocs = ["b"]\n', "a b"),
        ('[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n', "hatchling"),
        ('[dependency-groups]\ntest = ["a", {include-group = "lint"}]\n', "a"),
        ('[tool.poetry.dependencies]\npython = "^3.11"\na = "^1"\nb = {path = "../b"}\n', "a"),
        ('[tool.poetry.group.dev.dependencies]\nblack = "*"\n', "black"),
        ('[packages]\na = "*"\n[requires]\npython_version = "3.11"\n', "a"),
        ('[tool.uv]\ndev-dependencies = ["a"]\n', "a"),
        ('[dependencies]\nserde = "1"\n', ""),
        ('dependencies = ["a"]\n', "a"),
        ('[tool.ruff]\nselect = ["ALL"]\n', ""),
    ],
)
def test_requirements_are_found_by_their_table(text: str, expected: str) -> None:
    assert names(Toml(), text) == expected.split()


def test_addresses_are_where_packages_come_from() -> None:
    (found,) = read(Toml(), '[tool.poetry.dependencies]\na = {git = "https://code.example/a"}\n')
    assert (found.name, found.index) == ("a", "https://code.example/a")
    (index,) = read(Toml(), '[[tool.uv.index]]\nname = "x"\nurl = "https://index.example/simple"\n')
    assert (index.name, index.index) == ("", "https://index.example/simple")
