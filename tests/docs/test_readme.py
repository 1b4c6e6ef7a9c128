"""The README is true: its commands exist, and the demo prints what it quotes."""

from __future__ import annotations

import re
import subprocess

import pytest
from tests.cli.demo.conftest import Played, played
from tests.docs.pages import ROOT, blocks, missing

__all__ = ["played"]

PAGE = "README.md"


def test_the_commands_exist() -> None:
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    listed = subprocess.run([ROOT / "run"], capture_output=True, text=True, check=True).stdout
    named = set(re.findall(r"\./run (\w+)", text))
    assert {"demo", "test"} <= named
    assert {name for name in named if f"./run {name}" not in listed} == set()


def test_shell_blocks_hold_nothing_but_the_two_commands() -> None:
    assert [block.text for block in blocks(PAGE) if block.language == "sh"] == ["./run demo\n", "./run test\n"]


@pytest.mark.timeout(600)
def test_the_demo_prints_what_is_quoted(played: Played) -> None:
    (quoted,) = [block.text for block in blocks(PAGE) if "REFUSED" in block.text]
    assert len(quoted.splitlines()) > 20
    assert missing(quoted, played.output) == []
