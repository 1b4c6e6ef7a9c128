"""How-to pages: their commands do what is said, on houses of their own or on that of the demo."""

from __future__ import annotations

import os
import runpy
import shutil
import socket
import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from tests.cli.demo.conftest import Played, played
from tests.docs.pages import ROOT, Step, blocks, missing, play
from tests.docs.swift import swift
from tests.paired import _paired_template, paired
from tests.walk import Walked

from muster.adapters.yamlfiles.policies import read_library, read_policy
from muster.records.policy import ReasonMap
from muster.wiring.shipped import value

__all__ = ["_paired_template", "paired", "played"]

curl = pytest.mark.skipif(shutil.which("curl") is None, reason="the page needs curl, which is not here")


def hold(steps: list[Step]) -> None:
    """Assert that every block ended as the page says and printed what it says."""
    assert steps
    for step in steps:
        where = f"{step.commands.text}\nprinted:\n{step.printed}"
        assert step.code == step.commands.code, f"exit code {step.code} of\n{where}"
        assert missing(step.said, step.printed) == [], where


@pytest.mark.enable_socket
def test_sign_in(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    before = f"export MUSTER_PORT={port} XDG_CONFIG_HOME={tmp_path}\n"
    steps = play("docs/how-to/sign-in.md", tmp_path, {"8400": port}, before)
    hold([replace(step, said=step.said.replace("8400", port)) for step in steps])


@pytest.mark.parametrize(
    "page",
    [
        "assess-a-model-from-elsewhere",
        "ceremonies",
        "erase-a-person",
        "findings-and-reviews",
        "let-people-in",
        "move-the-root-key-offline",
        "notice-tampering",
        "read-the-control-library",
        "sign-off-a-model",
        "write-a-policy",
    ],
)
@pytest.mark.timeout(300)
def test_the_page_does_and_prints_what_it_says(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, page: str
) -> None:
    with swift(tmp_path_factory.mktemp("swift")) as before:
        hold(play(f"docs/how-to/{page}.md", tmp_path, before=before))


@pytest.mark.timeout(600)
def test_verify_a_dossier(played: Played, tmp_path: Path) -> None:
    shutil.copy(played.home / "dossier.zip", tmp_path)
    before = f"ROOT=$(muster trust fingerprint --home {played.home} --as admin)\n"
    before += f"python3 {ROOT}/src/muster/verifier/join.py > verify.py\n"
    hold(play("docs/how-to/verify-a-dossier.md", tmp_path, before=before))


@curl
@pytest.mark.timeout(600)
@pytest.mark.enable_socket
def test_call_a_model(played: Played, tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    home, port = tmp_path / "house", address.partition(":")[2]
    shutil.copytree(played.home, home)
    before = (
        f"ROOT=$(muster trust fingerprint --home {home} --as admin)\n"
        f'muster serve --home {home} --root "$ROOT" --port {port} > gateway.log 2>&1 &\n'
        f"curl -s --retry 60 --retry-connrefused --retry-delay 1 http://{address}/v2/health/ready\n"
    )
    hold(play("docs/how-to/call-a-model.md", tmp_path, {"127.0.0.1:8500": address}, before))


def test_add_a_check(tmp_path: Path) -> None:
    page = list(blocks("docs/how-to/add-a-check.md"))
    written, tested = [block.text for block in page if block.language == "python"]
    (tmp_path / "refused.py").write_text(f"{written}\n{tested}")
    assert runpy.run_path(str(tmp_path / "refused.py"))["good_refused"].name == "performance.good_refused"
    (control,) = [block.text for block in page if block.language == "yaml"]
    library = read_library(f"name: own\ncontrols:\n{control}", "add-a-check.md")
    assert library.controls[0].check in written
    assert yaml.safe_load(control)[0]["limit"]["figure"] in written


def test_the_package_of_a_check_is_found_once_installed(tmp_path: Path) -> None:
    page = list(blocks("docs/how-to/add-a-check.md"))
    (told,) = [tomllib.loads(block.text) for block in page if block.language == "toml"]
    project = told["project"]
    (tmp_path / "refused.py").write_text(next(block.text for block in page if block.language == "python"))
    info = tmp_path / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    named = "\n".join(f"{name} = {place}" for name, place in project["entry-points"]["muster.checks"].items())
    (info / "entry_points.txt").write_text(f"[muster.checks]\n{named}\n")
    script = (
        "from muster.checks.kit import assert_lawful; from muster.checks.registry import find; "
        "print(assert_lawful(find('performance.good_refused')).method)"
    )
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.endswith("Check of acme-checks 1.0.\n"), done.stderr


@pytest.mark.timeout(300)
def test_watch_what_stands(walked: Walked, tmp_path: Path) -> None:
    walked.close()
    (tmp_path / "here").mkdir()
    before = f"export MUSTER_HOME={walked.home} COLUMNS=200\n"
    hold(play("docs/how-to/watch-what-stands.md", tmp_path / "here", before=before))


def test_what_a_page_says_of_a_lapse_may_stand_in_a_policy() -> None:
    (said,) = [block.text for block in blocks("docs/how-to/watch-what-stands.md") if block.language == "yaml"]
    (page,) = [block.text for block in blocks("docs/how-to/write-a-policy.md") if "cat > marketing.yaml" in block.text]
    policy = page.partition("<<'END'\n")[2].partition("END\n")[0]
    assert read_policy(f"{policy}{said}", "watch-what-stands.md").on_lapse is not None


@pytest.mark.timeout(300)
def test_score_a_file(walked: Walked, tmp_path: Path) -> None:
    walked.do("ana", "reason-map adopt", reasons=value(ReasonMap, "reasons/consumer-credit.yaml"))
    walked.do("omar", "orders issue")
    walked.close()
    (tmp_path / "here").mkdir()
    before = f"export MUSTER_HOME={walked.home} ROOT={walked.fingerprint}\n"
    hold(play("docs/how-to/score-a-file.md", tmp_path / "here", before=before))


@pytest.mark.timeout(300)
def test_move_traffic_safely(paired: Walked, tmp_path: Path) -> None:
    paired.close()
    (tmp_path / "here").mkdir()
    before = f"export MUSTER_HOME={paired.home} COLUMNS=400\n"
    hold(play("docs/how-to/move-traffic-safely.md", tmp_path / "here", before=before))
