"""The tutorial is walked: its commands in one shell in an empty folder, with a real registry and a real gateway."""

from __future__ import annotations

import shutil
import socket

import pytest
from tests.docs.pages import Step, missing, play
from tests.docs.swift import swift

PAGE = "docs/tutorials/first-release.md"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> list[Step]:
    port = str(_free_port())
    changes = {
        "127.0.0.1:8500": f"127.0.0.1:{port}",
        'muster serve --root "$ROOT" >': f'muster serve --port {port} --root "$ROOT" >',
    }
    with swift(tmp_path_factory.mktemp("swift")) as before:
        return play(PAGE, tmp_path_factory.mktemp("tutorial"), changes, before)


@pytest.mark.enable_socket
@pytest.mark.timeout(300)
@pytest.mark.skipif(shutil.which("curl") is None, reason="the tutorial needs curl, which is not here")
def test_the_tutorial_does_and_prints_what_it_says(walked: list[Step]) -> None:
    assert len(walked) > 15
    for step in walked:
        where = f"{step.commands.text}\nprinted:\n{step.printed}"
        assert step.code == step.commands.code, f"exit code {step.code} of\n{where}"
        assert missing(step.said, step.printed) == [], where


def test_the_comparison_sees_what_differs() -> None:
    printed = "auc   0.724   0.710 to 0.737   9,000\n  package  sha256:0123456789ab\n"
    assert missing("auc 0.724 0.710 to 0.737 9,000\npackage sha256:...", printed) == []
    assert missing("auc 0.9 0.710 to 0.737 9,000", printed) == ["auc 0.9 0.710 to 0.737 9,000"]
    assert missing("auc ... 8,000", printed) == ["auc ... 8,000"]
    assert missing("gini 0.724", printed) == ["gini 0.724"]
