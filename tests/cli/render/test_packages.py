from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from muster.cli.packages.findings import gather
from muster.cli.render.packages import checked
from muster.settings import read_settings
from muster.wiring.packages.checking import open_checker


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("pip install json\n", "stopped standard-library: json comes with the language"),
        ("pip install surely-absent\n", "a partial list cannot tell what does not exist: muster packages sync"),
        ("pip install numpy\n", "1 package named in 1 file: 0 stopped, 0 noted; fine"),
    ],
)
def test_findings_are_lines_with_their_place_and_the_lists_they_rest_on(tmp_path: Path, text: str, said: str) -> None:
    checker = open_checker(read_settings({"packages": tmp_path}, {}))
    screen = Console(file=io.StringIO(), width=200)
    checked(gather([("run.sh", text, checker.check(text, "run.sh"))], (), checker.lists), screen)
    shown = screen.file.getvalue()  # type: ignore[attr-defined]
    assert said in shown
    assert "pypi: partial list of 2026-11-23" in shown
    assert ("run.sh:1:13: " in shown) == ("numpy" not in text)


def test_what_could_not_be_read_is_said(tmp_path: Path) -> None:
    checker = open_checker(read_settings({"packages": tmp_path}, {}))
    screen = Console(file=io.StringIO(), width=200)
    checked(gather([], ["[x].py: more than 4 MiB"], checker.lists), screen)
    assert "[x].py: more than 4 MiB" in screen.file.getvalue()  # type: ignore[attr-defined]
