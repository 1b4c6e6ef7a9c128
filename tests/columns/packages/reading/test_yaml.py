from __future__ import annotations

from tests.columns.packages.reading.reading import names, read

from muster.columns.packages.reading.yaml import Yaml
from muster.records.language.packages import Ecosystem

ENVIRONMENT = """name: x
channels:
  - conda-forge
dependencies:
  - python=3.11
  - numpy
  - pip
  - pip:
    - wandb>=1
    - rich
prefix: /x
"""


def test_conda_and_pip_lists_are_told_apart() -> None:
    found = {each.name: each.ecosystem for each in read(Yaml(), ENVIRONMENT)}
    assert found == {
        "python": Ecosystem.CONDA,
        "numpy": Ecosystem.CONDA,
        "pip": Ecosystem.CONDA,
        "wandb": Ecosystem.PYPI,
        "rich": Ecosystem.PYPI,
    }


def test_commands_of_workflows_are_read_and_their_names_are_not() -> None:
    text = "steps:\n  - name: Install npm and pip things\n    run: pip install tox\n"
    text += "  - run: |\n      npm ci\n      npm i -g serve\n"
    assert names(Yaml(), text) == ["tox", "serve"]
    assert names(Yaml(), "script:\n  - pip install pytest\n") == ["pytest"]


def test_hooks_bring_packages_of_their_own() -> None:
    text = "hooks:\n  - id: mypy\n    additional_dependencies: [types-requests==2, 'prettier@3.0']\n    args: [--x]\n"
    assert [(each.name, each.ecosystem.value) for each in read(Yaml(), text)] == [
        ("types-requests", "pypi"),
        ("prettier", "npm"),
    ]
    assert names(Yaml(), "    additional_dependencies:\n      - types-x\n      - types-y\n    args: []\n") == [
        "types-x",
        "types-y",
    ]
