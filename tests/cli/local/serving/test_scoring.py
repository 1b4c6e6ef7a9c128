from __future__ import annotations

import os
from pathlib import Path

import pytest

from muster.cli.main import run


def test_it_becomes_a_process_that_is_told_what_was_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    became: list[list[str]] = []

    def execv(_: str, line: list[str]) -> None:
        became.append(line)
        raise SystemExit(0)

    monkeypatch.setattr(os, "execv", execv)
    home = ["--home", str(tmp_path)]
    words = ["score", "loans", "in.csv", "out.parquet", "--keep", "id, name", "--root", "sha256:1", "--resume", *home]
    with pytest.raises(SystemExit):
        run(words)
    (line,) = became
    for word in ("--deployment=loans", "--input=in.csv", "--output=out.parquet", "--keep=id", "--keep=name"):
        assert word in line
    assert "--resume" in line
    assert f"--gateway-state={tmp_path / 'score'}" in line
    assert "--restart" not in line
