"""The page about checking packages: its commands, its hook, its pipelines and its program do what it says."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.adapters.packageindex.stub import PROJECTS, Stub, stub
from tests.docs.pages import ROOT, blocks, missing, play
from tests.docs.swift import swift

PAGE = "docs/how-to/check-packages.md"
INSTALL = "python -m pip install muster-ml"


@pytest.fixture
def server() -> Iterator[Stub]:
    with stub() as running:
        running.names = [*PROJECTS, "opencv-python", "requests"]
        yield running


def _documents(language: str) -> list[Any]:
    read = json.loads if language == "json" else yaml.safe_load
    return [read(block.text) for block in blocks(PAGE) if block.language == language]


def _project(folder: Path, *code: str) -> Path:
    folder.mkdir()
    (folder / "pyproject.toml").write_text('[project]\nname = "shop"\ndependencies = ["numpy"]\n')
    (folder / "shop.py").write_text("\n".join(("import numpy", *code, "")))
    return folder


def _run(command: str, folder: Path, **environment: str) -> int:
    """Run a step of a pipeline as its runner would, with muster on the path."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    environment = {**kept, "PATH": path, "HOME": str(folder.parent), "PIP_CONFIG_FILE": os.devnull, **environment}
    return subprocess.run(["sh", "-ec", command], cwd=folder, env=environment, check=False).returncode


@pytest.mark.enable_socket
def test_the_page_does_and_prints_what_it_says(
    server: Stub, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    before = f"unset XDG_DATA_HOME\nexport PIP_CONFIG_FILE=/dev/null PIP_INDEX_URL={server.simple}\n"
    with swift(tmp_path_factory.mktemp("swift")) as commands:
        steps = play(PAGE, tmp_path, before=before + commands)
    assert len(steps) == 6
    for step in steps:
        where = f"{step.commands.text}\nprinted:\n{step.printed}"
        assert step.code == step.commands.code, f"exit code {step.code} of\n{where}"
        assert missing(step.said, step.printed) == [], where


@pytest.mark.enable_socket
def test_the_pipelines_pass_what_is_real_and_stop_what_is_not(server: Stub, tmp_path: Path) -> None:
    _, github, gitlab = _documents("yaml")
    job = github["jobs"]["packages"]
    steps = [step["run"] for step in job["steps"] if "run" in step]
    _piped(_project(tmp_path / "real"), steps, job["env"], server, 0)
    invented = _project(tmp_path / "invented", "import surely_absent")
    _piped(invented, gitlab["packages"]["script"], gitlab["packages"]["variables"], server, 1)
    assert job["steps"][-1]["with"]["sarif_file"] == gitlab["packages"]["artifacts"]["paths"][0]


def _piped(folder: Path, lines: list[str], variables: dict[str, str], server: Stub, last: int) -> None:
    """Run the steps of a pipeline but its first, which installs muster."""
    place = re.sub(r"\$\{\{ github\.workspace }}|\$CI_PROJECT_DIR", str(folder), variables["MUSTER_PACKAGES"])
    assert lines[0] == INSTALL
    codes = [_run(line, folder, MUSTER_PACKAGES=place, PIP_INDEX_URL=server.simple) for line in lines[1:]]
    assert codes == [0, last]
    results = json.loads((folder / "packages.sarif").read_text())["runs"][0]["results"]
    assert [result["ruleId"] for result in results] == ["nonexistent"] * last


def test_the_hook_reads_what_may_name_packages_and_stops_what_is_not_real(tmp_path: Path) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    (used,) = _documents("yaml")[0]["repos"][0]["hooks"]
    assert used == {"id": hook["id"]}
    wanted = (
        "a.py",
        "web/App.tsx",
        "package.json",
        "requirements/dev-requirements.txt",
        "Dockerfile.dev",
        ".github/ci.yml",
    )
    assert all(re.search(hook["files"], name) for name in wanted)
    assert not any(re.search(hook["files"], name) for name in ("package-lock.json", "data.json", "notes.txt", "x.png"))
    folder = _project(tmp_path / "shop")
    lists = {"MUSTER_PACKAGES": str(tmp_path / "lists")}
    assert _run(f"{hook['entry']} {shlex.join(['shop.py', 'pyproject.toml'])}", folder, **lists) == 0
    (folder / "setup.sh").write_text("pip install json\n")
    assert _run(f"{hook['entry']} setup.sh", folder, **lists) == 1


def test_the_program_and_the_configuration_of_assistants_are_as_they_run(tmp_path: Path) -> None:
    (program,) = [block.text for block in blocks(PAGE) if block.language == "python"]
    script = tmp_path / "program.py"
    script.write_text(program)
    environment = {**os.environ, "MUSTER_PACKAGES": str(tmp_path)}
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.startswith("standard-library json json comes with the language")
    server = _documents("json")[0]["mcpServers"]["muster"]
    assert _run(shlex.join([server["command"], *server["args"], "--help"]), tmp_path) == 0
