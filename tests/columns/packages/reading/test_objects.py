from __future__ import annotations

from tests.columns.packages.reading.reading import names, read

from muster.columns.packages.reading.objects import Objects

PACKAGE = """{
  "name": "demo",
  "dependencies": {
    "express": "^4",
    "a": "npm:b@1"
  },
  "devDependencies": {"jest": "29"},
  "jest": {"x": "y"}
}
"""


def test_only_sections_of_dependencies_name_packages() -> None:
    assert names(Objects(), PACKAGE) == ["express", "b", "jest"]
    assert names(Objects(), '{"response": {"from": "pandas", "import": "x"}}\n') == []


def test_versions_may_be_addresses() -> None:
    (found,) = read(Objects(), '{"dependencies": {"x": "git+https://code.example/x"}}\n')
    assert (found.name, found.index) == ("x", "git+https://code.example/x")


def test_commands_in_scripts_are_read() -> None:
    assert names(Objects(), '{"scripts": {"setup": "npm install husky"}}\n') == ["husky"]


def test_cells_of_notebooks_are_read_as_code() -> None:
    text = '{"cells": [{"source": [\n "import pandas\\n",\n "from x import y\\n"\n]}], "m": {"k": "import z"}}\n'
    assert names(Objects(), text) == ["pandas", "x"]
