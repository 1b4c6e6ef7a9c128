from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from muster.gateway.batch.checkpoint import FILE, Checkpoint, Errand, Kept
from muster.records.logs.segments import Aside

AT = Checkpoint(
    "r", Errand("loans", "v", "s", "sha256:1", "csv", ("id",), reasons=True), 5, segments=(Aside("a", "sha256:2", 5),)
)


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    assert kept.read() is None
    kept.write(AT)
    kept.write(replace(AT, rows=9))
    assert kept.read() == replace(AT, rows=9)
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_one_that_is_damaged_is_no_reason_to_begin_anew_unasked(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("{")
    with pytest.raises(ValueError, match="--restart"):
        Kept(tmp_path).read()


def test_a_run_between_pipes_keeps_nothing() -> None:
    kept = Kept(None)
    kept.write(AT)
    assert kept.read() is None
