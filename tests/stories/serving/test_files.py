"""Files, scored by a process that is killed, and that goes on: no row twice, none left out."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.gateway.batch.scene import rows
from tests.gateway.papers.written import POLICY
from tests.gateway.world import World

from muster.columns.tables import to_parquet
from muster.gateway.fence import FENCED
from muster.ports.log import Stream
from muster.records.governance.serving import Rate, ServingTerms
from muster.settings import Settings
from muster.wiring.scoring import Asked, command, own

COUNT = 60_000


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A world in the present whose policy makes scoring slow enough to be killed: so many rows a second."""
    world = World(tmp_path, present=True)
    world.order(world.release(policy=replace(POLICY, serving=ServingTerms(rate=Rate(25_000.0, 2_000)))))
    table = pa.concat_tables([rows(600)] * (COUNT // 600))
    (tmp_path / "in.parquet").write_bytes(to_parquet(table.set_column(0, "id", pa.array(range(COUNT)))))
    return world


def line(world: World, **asked: object) -> list[str]:
    settings = own(Settings(home=world.folder, root=world.pinned, poll_seconds=0.2))
    given = {"input": str(world.folder / "in.parquet"), "output": str(world.folder / "out.parquet"), "keep": ("id",)}
    given |= {"checkpoint_rows": 5_000}
    return command(settings, Asked("loans", **{**given, **asked}))  # type: ignore[arg-type]


def logged(world: World) -> list[str]:
    return [row["decision_id"] for row in world.logged()]


def until_checkpoint(world: World, number: int, process: subprocess.Popen[bytes]) -> None:
    file = world.folder / ".out.parquet.scoring/checkpoint.json"
    ends = time.monotonic() + 60
    while time.monotonic() < ends and process.poll() is None:
        if file.exists() and json.loads(file.read_text())["number"] >= number:
            return
        time.sleep(0.01)
    raise AssertionError(process.poll())


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_is_ended_goes_on_and_no_row_is_scored_or_logged_twice(world: World, ending: signal.Signals) -> None:
    for life in range(2):
        with subprocess.Popen(line(world, resume=life > 0), stderr=subprocess.PIPE) as process:
            until_checkpoint(world, 2 * life + 2, process)
            process.send_signal(ending)
            told = process.communicate(timeout=30)[1]
        assert process.returncode == (-9 if ending is signal.SIGKILL else 2), told
        assert not (world.folder / "out.parquet").exists()
    done = subprocess.run(line(world, resume=True), check=False, capture_output=True)
    assert done.returncode == 1, done.stderr  # some rows are refused
    results = pq.read_table(world.folder / "out.parquet").to_pylist()
    assert [row["id"] for row in results] == list(range(COUNT))
    decided = [row["decision_id"] for row in results if row["decision_id"]]
    assert len(set(decided)) == len(decided) == COUNT - COUNT // 20
    assert sorted(logged(world)) == sorted(decided)
    assert sum(row["rows"] for row in world.logged(stream=Stream.REFUSALS)) == COUNT // 20
    left = [path.name for path in world.folder.rglob("*") if "draft" in path.name or "scoring" in path.name]
    assert left == []


def test_a_stop_reaches_a_run_within_its_poll_interval(world: World) -> None:
    with subprocess.Popen(line(world), stderr=subprocess.PIPE) as process:
        until_checkpoint(world, 1, process)
        world.order()
        told = process.communicate(timeout=30)[1].decode()
    assert process.returncode == 1
    assert "REFUSED: " in told
    assert "are done and logged: --resume goes on from there" in told
    assert 0 < len(logged(world)) < COUNT - COUNT // 20


def test_the_process_holds_nothing_that_a_gateway_may_not(world: World) -> None:
    probe = (
        "import sys, muster.gateway.batch.__main__ as m; from muster.wiring import scoring, gateway;"
        "import muster.adapters.rowfiles.reading, muster.adapters.rowfiles.writing, muster.adapters.arrowlog.whole;"
        f"assert not set(sys.modules) & {set(FENCED)!r}"
    )
    subprocess.run([command(Settings(home=world.folder), Asked("a", "b", "c"))[0], "-P", "-c", probe], check=True)
