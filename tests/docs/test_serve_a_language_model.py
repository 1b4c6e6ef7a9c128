"""The page about language models: its commands, with a provider on loopback that says what it is told."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path

import pytest
import yaml
from tests.docs.pages import ROOT, blocks, missing, play
from tests.docs.swift import swift
from tests.servers.languagemodel import language_model

from muster.records.codec import decode
from muster.records.policy import Policy
from muster.wiring import shipped

PAGE = "docs/how-to/serve-a-language-model.md"
REAL = "```python\nimport requests\nimport numpy\n```\n"
INVENTED = "```bash\npip install surely-absent\n```\n"


def says(question: str) -> str:
    return INVENTED if "what I need?" in question and "Which pip command installs what" in question else REAL


@pytest.mark.skipif(shutil.which("curl") is None, reason="the page needs curl, which is not here")
@pytest.mark.enable_socket
def test_the_page_does_and_prints_what_it_says(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    with language_model(says) as provider, swift(tmp_path_factory.mktemp("swift")) as quickly:
        before = f"{quickly}export MUSTER_PACKAGES={tmp_path}/packages MUSTER_GATEWAY_PORT={port}\n"
        changes = {"127.0.0.1:8500": f"127.0.0.1:{port}"}
        changes["muster init"] = f"sed -i s,http://127.0.0.1:8600,{provider.url}, files/hosted.yaml; muster init"
        steps = play(PAGE, tmp_path, changes, before)
    assert len(steps) == 9
    for step in steps:
        where = f"{step.commands.text}\nprinted:\n{step.printed}"
        assert step.code == step.commands.code, f"exit code {step.code} of\n{where}"
        assert missing(step.said, step.printed) == [], where


def test_the_rules_on_the_page_are_of_a_policy() -> None:
    (written,) = [yaml.safe_load(block.text) for block in blocks(PAGE) if block.language == "yaml"]
    assert decode(Policy, {**shipped.value(Policy, "policies/code-generation.yaml"), **written}).answers
    assert (ROOT / "src/muster/assets/policies/code-generation.yaml").is_file()
