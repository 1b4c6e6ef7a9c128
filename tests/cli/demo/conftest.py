"""One real run of the demo, shared by all tests and all test processes."""

import fcntl
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.walk import _walked_template, walked

__all__ = ["_walked_template", "walked"]


@dataclass(frozen=True)
class Played:
    """What the demo printed, and the folder in which it ran."""

    code: int
    output: str
    errors: str
    folder: Path

    @property
    def home(self) -> Path:
        (home,) = (self.folder / ".muster-demo").iterdir()
        return home

    def between(self, begin: str, end: str) -> str:
        """Return what was printed between two headings."""
        _, _, rest = self.output.partition(begin)
        assert rest, f"{begin!r} was not printed"
        return rest.partition(end)[0]


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    own = tmp_path_factory.getbasetemp()
    shared = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "demo"
    shared.mkdir(exist_ok=True)
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        told = shared / "told.json"
        if not told.exists():
            told.write_text(json.dumps(_play(shared)))
    return Played(*json.loads(told.read_text()), shared)


def _play(folder: Path) -> list[object]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MUSTER_")}
    done = subprocess.run(
        [sys.executable, "-m", "muster.cli.main", "demo"],
        cwd=folder,
        env={**kept, "HOME": str(folder), "COLUMNS": "120"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    return [done.returncode, done.stdout, done.stderr]
