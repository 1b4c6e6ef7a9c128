"""What must not be loaded: the start stays instant, and the gateway's process holds nothing that trains or queries."""

import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DATA = frozenset({"mlflow", "pandas", "scipy", "sklearn", "skops", "sqlalchemy"})
HEAVY = DATA | {"fastapi", "numpy", "onnx", "onnxruntime", "pyarrow", "ray"}
APART = DATA | {"joblib", "sqlite3", "muster.adapters.sqlite", "muster.lifecycle"}


def loaded(script: str) -> set[str]:
    """Return the names of all modules that a fresh interpreter has loaded after the script."""
    ending = "\nimport sys\nprint('\\n' + ' '.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script + ending],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.splitlines()[-1].split())


def modules(package: str) -> list[str]:
    """Return every module of a package of muster, without importing it; not the file that runs it as a program."""
    found = pkgutil.walk_packages([str(ROOT / "src/muster" / package)], f"muster.{package}.")
    return [module.name for module in found if not module.name.endswith("__main__")]


@pytest.mark.parametrize(
    "script", ["import muster", "import muster.cli.main", "import muster.sdk, muster.ports.ledger"]
)
def test_importing_loads_nothing_heavy(script: str) -> None:
    assert not loaded(script) & HEAVY


def test_help_loads_nothing_heavy() -> None:
    script = """
import contextlib, io, sys
sys.argv = ["muster", "--help"]
from muster.cli.main import main
said = io.StringIO()
with contextlib.redirect_stdout(said), contextlib.suppress(SystemExit):
    main()
assert "demo" in said.getvalue() or "release" in said.getvalue(), said.getvalue()
"""
    assert not loaded(script) & HEAVY


def test_the_gateway_process_holds_nothing_that_it_does_not_need() -> None:
    parts = ["muster.gateway", *modules("gateway"), *modules("guards")]
    if (ROOT / "src/muster/wiring/gateway.py").exists():
        parts.append("muster.wiring.gateway")
    assert len(parts) > 1
    assert not loaded(f"import {', '.join(parts)}") & APART
