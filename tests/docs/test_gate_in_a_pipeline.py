"""The page about asking the gate in a pipeline: its pipelines are run step by step, and do what it says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
import yaml
from tests.docs.pages import blocks

if TYPE_CHECKING:
    from tests.walk import Walked

PAGE = "docs/how-to/gate-in-a-pipeline.md"
INSTALL = "python -m pip install muster-ml"


def _pipelines() -> tuple[dict[str, Any], dict[str, Any]]:
    github, gitlab = (yaml.safe_load(block.text) for block in blocks(PAGE) if block.language == "yaml")
    return github["jobs"]["gate"], gitlab["gate"]


def _run(command: str, folder: Path, home: Path, model: str) -> int:
    """Run a step as its runner would; the control plane is the house on disk, so that no socket is needed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MUSTER_")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**kept, "PATH": path, "MUSTER_HOME": str(home), "MUSTER_ACTOR": "mia", "MODEL": model}
    return subprocess.run(["sh", "-ec", command], cwd=folder, env=environment, check=False).returncode


@pytest.mark.parametrize("host", ["github", "gitlab"])
def test_the_pipelines_let_pass_what_the_gate_allows_and_nothing_else(
    walked: Walked, tmp_path: Path, host: str
) -> None:
    github, gitlab = _pipelines()
    assert (github["env"]["MODEL"], gitlab["variables"]["MODEL"]) == ("consumer-credit", "consumer-credit")
    asked = {"github": [step["run"] for step in github["steps"] if "run" in step], "gitlab": gitlab["script"]}
    install, ask = asked[host]
    assert install == INSTALL
    walked.close()
    assert _run(ask, tmp_path, walked.home, "consumer-credit") == 0
    assert _told(tmp_path) == (0, 0)
    assert _run(ask, tmp_path, walked.home, "another") == 2
    assert _told(tmp_path) == (1, 0)
    walked.sibling()
    walked.close()
    assert _run(ask, tmp_path, walked.home, "consumer-credit") == 1
    open_demands, results = _told(tmp_path)
    assert open_demands == results > 0


def _told(folder: Path) -> tuple[int, int]:
    """Return how many cases are open in one report, and how many results the other has."""
    suites = ET.parse(folder / "gate.xml").getroot()  # noqa: S314 - our own
    (ran,) = json.loads((folder / "gate.sarif").read_text())["runs"]
    return int(suites.get("failures", "")) + int(suites.get("errors", "")), len(ran["results"])


def test_the_reports_that_are_written_are_the_ones_that_are_shown() -> None:
    github, gitlab = _pipelines()
    *_, show, keep = github["steps"]
    assert show["if"] == keep["if"] == gitlab["artifacts"]["when"] + "()" == "always()"
    written = {"gate.sarif", "gate.xml"}
    assert {show["with"]["sarif_file"], keep["with"]["path"]} == written
    assert {*gitlab["artifacts"]["paths"], gitlab["artifacts"]["reports"]["junit"]} == written
    assert all(name in step for name in written for step in (github["steps"][3]["run"], gitlab["script"][1]))


def test_secrets_are_not_written_into_the_pipelines() -> None:
    github, gitlab = _pipelines()
    assert github["env"]["MUSTER_TOKEN"] == "${{ secrets.MUSTER_TOKEN }}"
    assert "MUSTER_TOKEN" not in gitlab["variables"]
