"""Each import contract is broken once on purpose, in a copy of the tree, and must be refused by its name."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONTRACTS = {
    contract["id"]: contract["name"]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
}

BREACHES = [
    ("tower", "records/probe.py", "from muster.wiring import probe"),
    ("tower", "newfloor/__init__.py", '"""A package that stands on no floor."""'),
    ("stages", "lifecycle/train.py", "import muster.lifecycle.assess"),
    ("stages", "lifecycle/train.py", "def probe() -> None:\n    import muster.lifecycle.govern"),
    ("stages", "lifecycle/probe.py", '"""A module that is no stage."""'),
    ("adapters", "adapters/probe.py", "import muster.adapters.blobs"),
    ("binding", "api/probe.py", "import muster.adapters.blobs"),
    ("acyclic", "rules/probe.py", "import muster.rules.probe2"),
    ("acyclic", "rules/probe.py", "def late() -> None:\n    import muster.rules.probe2"),
    (
        "acyclic",
        "rules/probe.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import muster.rules.probe2",
    ),
    ("plain", "records/probe.py", "import numpy"),
    ("plain", "rules/probe.py", "import sqlite3"),
    ("alone", "verifier/probe.py", "import cryptography"),
    ("tower", "verifier/probe.py", "from muster.rules import probe2"),
    ("pure", "columns/probe.py", "import pathlib"),
    ("pure", "checks/probe.py", "import sklearn.metrics"),
    ("gateway", "gateway/probe.py", "import pandas"),
    ("gateway", "gateway/probe.py", "import muster.wiring.probe"),
    ("gateway", "wiring/gateway.py", "def late() -> None:\n    import muster.adapters.sqlite.ledger"),
    ("homes", "api/probe.py", "def late() -> None:\n    import mlflow"),
]
"""Contract, file in src/muster, and what is added to it."""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the sources and the contracts, and two files that breaches refer to."""
    folder = tmp_path_factory.mktemp("tower")
    shutil.copy(ROOT / "pyproject.toml", folder)
    shutil.copytree(ROOT / "src/muster", folder / "src/muster", ignore=shutil.ignore_patterns("__pycache__", "assets"))
    (folder / "src/muster/rules/probe2.py").write_text('"""The other end of a cycle."""\nimport muster.rules.probe\n')
    (folder / "src/muster/wiring/probe.py").write_text('"""Reaches what writes."""\nimport sqlite3\n')
    return folder


def lint(folder: Path, contract: str) -> subprocess.CompletedProcess[str]:
    """Judge the tree in ``folder`` by one contract."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(folder / "src"), str(ROOT)])}
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo", "--contract", contract]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("contract", "file", "breach"), BREACHES)
def test_a_breach_is_refused_by_its_contract(copy: Path, contract: str, file: str, breach: str) -> None:
    path = copy / "src/muster" / file
    before = path.read_text() if path.exists() else None
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{before or ''}\n{breach}\n")
    try:
        judged = lint(copy, contract)
    finally:
        if before is None:
            path.unlink()
            if not any(path.parent.iterdir()):
                path.parent.rmdir()
        else:
            path.write_text(before)
    assert judged.returncode == 1, judged.stdout + judged.stderr
    assert f"{CONTRACTS[contract]} BROKEN" in judged.stdout
    assert (path.parent.name if path.stem == "__init__" else path.stem) in judged.stdout


def test_every_contract_is_broken_once() -> None:
    assert {contract for contract, _, _ in BREACHES} == set(CONTRACTS)
