"""The second story, played once with a provider that says what it is told: all else is real, the processes too."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import pytest
from pytest_socket import disable_socket, enable_socket
from rich.console import Console
from tests.servers.languagemodel import language_model

from muster.cli.demo.cast import Stage, found
from muster.cli.demo.code import asking, hosting
from muster.cli.demo.code.hosting import Hosted
from muster.cli.demo.narrator import Narrator
from muster.cli.demo.processes import run
from muster.lifecycle.language.canary import CanaryRun
from muster.lifecycle.language.stopped import AnswersReport
from muster.records.language.packages import Ecosystem
from muster.records.release import Orders
from muster.settings import Settings
from muster.wiring.packages.lists import bring

INVENTED = "Run this:\n\n```bash\npip install lang-python\n```\n\nand it works.\n"
REAL = "```python\nimport pandas as pd\n\nprint(pd.read_csv('a.csv').head())\n```\n"


@dataclass
class Lapsed:
    """What came of a provider that put another model behind the same name; exit code and words of gateways."""

    run: CanaryRun
    orders: Orders
    before: tuple[int, str]
    after: tuple[int, str]


@dataclass
class Told:
    """What the story printed, what the log says in its end, and the folder of its house."""

    output: str
    report: AnswersReport
    home: Path
    lapsed: Lapsed


def says(question: str) -> str:
    """Invent a package where one is asked for; write ordinary code otherwise."""
    return INVENTED if "install" in question else REAL


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    folder = tmp_path_factory.mktemp("second-story")
    (folder / "names.txt").write_text("numpy\npandas\nrequests\nflask\n")
    bring(Settings(packages=folder / "packages"), folder / "names.txt", Ecosystem.PYPI, lambda _: None, complete=True)
    environment = {"MUSTER_PACKAGES": str(folder / "packages")}
    narrator = Narrator(Console(file=io.StringIO(), width=112, highlight=False))
    enable_socket()
    stage = found(narrator, folder / "house", environment)
    try:
        with language_model(says) as provider:
            hosted = hosting.play(stage, provider.url)
            assert hosted is not None
            report = asking.play(stage, hosted, environment)
            provider.answer = lambda _: "```python\nimport flask\n```\n"
            lapsed = _change(stage, hosted)
    finally:
        stage.processes.stop_all()
        disable_socket(allow_unix_socket=True)
    assert isinstance(narrator.console.file, io.StringIO)
    return Told(narrator.console.file.getvalue(), report, folder / "house", lapsed)


def _change(stage: Stage, hosted: Hosted) -> Lapsed:
    """Ask the canaries of a provider that answers otherwise now; see what a gateway serves before and after."""
    version = {"version": hosted.version.digest}
    words = ["serve", "--home", str(stage.home), "--root", stage.fingerprint, "--explain"]
    before = run(words)
    changed: CanaryRun = stage.desks["mia"].call("canary run", version, stage.narrator.progress)
    orders: Orders = stage.desks["omar"].call("orders issue", {}, stage.narrator.progress)
    return Lapsed(changed, orders, before, run(words))
