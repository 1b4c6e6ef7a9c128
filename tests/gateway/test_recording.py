from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from math import inf
from pathlib import Path
from typing import Any

import pytest
from tests.columns.many.columns import COLUMNS

from muster.adapters.arrowlog.reader import ArrowLogReader
from muster.adapters.arrowlog.writer import ArrowLog
from muster.columns.many.dense import Typed, layout_of
from muster.columns.many.repeated import Repeated
from muster.gateway import recording
from muster.gateway.recording import Recorder
from muster.guards.guard import Outcome, Rows, Ruling
from muster.ports.log import Log, Source, Stream
from muster.records.data import Column, ColumnType
from muster.records.governance.serving import LogTerms, WhenFull
from muster.records.logs.segments import LogFigures

SOURCE = Source(Stream.DECISIONS, "loans", "v", "s", (Column("x", ColumnType.NUMBER),))
STAMP = {"request_id": "r", "at": 1_000_000}


def decided(recorder: Recorder, name: str = "d") -> bool:
    columns = [name], ["r"], [0.1], [True], ["approve"], [()], [()], [1]
    return recorder.decided(Rows(1, {"x": [1.0]}, {}), columns, (1_000_000, "", 1))


class Straining:
    """A log that can be made to refuse, and says how full it is."""

    def __init__(self) -> None:
        self.fill = 0.0
        self.kept: list[tuple[Stream, Mapping[str, Sequence[Any]]]] = []

    def append(self, source: Source, rows: Mapping[str, Sequence[Any]], apart: Any = None) -> None:
        assert apart is None
        if self.fill > 1.0:
            msg = "full"
            raise OSError(msg)
        self.kept.append((source.stream, rows))

    def append_row(self, source: Source, row: tuple[Any, ...], apart: Any = None) -> None:
        self.append(source, {str(place): [value] for place, value in enumerate(row)}, apart)

    def pressure(self, rows: int = 0) -> float:
        return self.fill + rows * 1e-9

    def figures(self) -> LogFigures:
        return LogFigures()

    def flush(self) -> None: ...

    def hasten(self, seconds: Mapping[str, float]) -> None: ...

    def close(self) -> None: ...


def recorder(log: Log, when: WhenFull, **terms: Any) -> Recorder:
    return Recorder(log, SOURCE, LogTerms(when, **terms))


def test_what_cannot_be_logged_is_not_answered_unless_a_policy_says_otherwise() -> None:
    log = Straining()
    log.fill = 2.0
    for each in (Recorder(log, SOURCE), recorder(log, WhenFull.REFUSE), recorder(log, WhenFull.BLOCK)):
        with pytest.raises(OSError, match="full"):
            decided(each)


def test_a_sample_is_logged_under_pressure_and_the_rest_is_counted_in_the_log() -> None:
    log = Straining()
    sampling = recorder(log, WhenFull.SAMPLE, share=0.25)
    assert decided(sampling)
    log.fill = 0.7
    assert [decided(sampling) for _ in range(8)] == [False, False, False, True] * 2
    log.fill = 2.0
    assert [decided(sampling) for _ in range(4)] == [False] * 4
    assert sampling._rows == 4
    log.fill = 0.0
    assert decided(sampling)
    assert sampling._rows == 0
    rows = [rows for stream, rows in log.kept if stream is Stream.REFUSALS]
    assert [row["guard"] for row in rows] == [["log"]] * 3
    logged = sum(stream is Stream.DECISIONS for stream, _ in log.kept)
    assert logged + sum(row["rows"][0] for row in rows) == 14


def test_refusals_are_never_sampled_away() -> None:
    log = Straining()
    log.fill = 2.0
    with pytest.raises(OSError, match="full"):
        recorder(log, WhenFull.SAMPLE).refused(Ruling("schema", Outcome.REFUSE, "no"), STAMP, 1)


def test_a_flood_of_requests_that_come_too_fast_is_one_line_a_second_with_all_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 100.0
    monkeypatch.setattr("muster.gateway.recording.time.monotonic", lambda: now)
    log = Straining()
    keeping = Recorder(log, SOURCE)
    hasty = Ruling("rate", Outcome.REFUSE, "too fast")
    for _ in range(1000):
        keeping.refused(hasty, STAMP, 2)
    keeping.refused(Ruling("schema", Outcome.REFUSE, "no"), STAMP, 1)
    now += 1.0
    keeping.refused(hasty, STAMP, 2)
    keeping.refused(hasty, STAMP, 2)
    keeping.settle(STAMP)
    keeping.settle(STAMP)
    told = [(row["guard"][0], row["reason"][0], row["rows"][0]) for _, row in log.kept]
    assert told == [
        ("rate", "too fast", 2),
        ("schema", "no", 1),
        ("rate", "1000 requests: too fast", 2000),
        ("rate", "too fast", 2),
    ]


def test_what_could_not_be_told_is_told_later_and_nothing_is_told_twice() -> None:
    log = Straining()
    keeping = recorder(log, WhenFull.SAMPLE)
    log.fill = 2.0
    assert not decided(keeping)
    with pytest.raises(OSError, match="full"):
        keeping.refused(Ruling("rate", Outcome.REFUSE, "too fast"), STAMP, 3)
    keeping.settle(STAMP)
    assert not log.kept
    log.fill = 0.0
    keeping.settle(STAMP)
    keeping.settle(STAMP)
    told = [(row["guard"][0], row["rows"][0]) for _, row in log.kept]
    assert told == [("log", 1), ("rate", 3)]


@pytest.mark.parametrize(("fill", "waits"), [(2.0, True), (inf, False)])
def test_a_log_that_is_full_and_works_is_waited_for_a_moment_before_it_refuses(
    monkeypatch: pytest.MonkeyPatch, fill: float, *, waits: bool
) -> None:
    monkeypatch.setattr(recording, "MOMENT_SECONDS", 5.0)
    log = Straining()
    refusing = recorder(log, WhenFull.REFUSE)

    async def early() -> bool:
        log.fill = fill
        async with asyncio.TaskGroup() as group:
            waiting = group.create_task(refusing.room(1))
            await asyncio.sleep(0.03)
            done = waiting.done()
            log.fill = 0.1
        return done

    assert asyncio.run(early()) is not waits
    log.fill = 2.0
    asyncio.run(recorder(log, WhenFull.SAMPLE).room(1))


def test_blocked_requests_wait_for_room_but_not_for_ever() -> None:
    log = Straining()
    blocking = recorder(log, WhenFull.BLOCK, wait_seconds=5.0)

    async def waits() -> bool:
        log.fill = 2.0
        async with asyncio.TaskGroup() as group:
            waiting = group.create_task(blocking.room(1))
            await asyncio.sleep(0.03)
            early = waiting.done()
            log.fill = 0.1
        return early

    assert not asyncio.run(waits())
    assert decided(blocking)
    log.fill = 2.0
    asyncio.run(recorder(log, WhenFull.BLOCK, wait_seconds=0.02).room(1))
    asyncio.run(recorder(log, WhenFull.REFUSE).room(1))


FULL = """
import json, resource, sys
from pathlib import Path
from tests.gateway.test_recording import WhenFull, decided, recorder
from muster.adapters.arrowlog.writer import ArrowLog, Rolling

log = ArrowLog(Path(sys.argv[1]), Rolling(linger_s=0.0, retry_s=0.01))
refusing, sampling = recorder(log, WhenFull.REFUSE), recorder(log, WhenFull.SAMPLE, share=1.0)
decided(refusing, "first")
log.flush()
before = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
said = []
decided(refusing, "waits")
for each in (log.flush, lambda: decided(refusing)):
    try:
        each()
    except OSError as error:
        said.append(str(error))
said.append(decided(sampling))
resource.setrlimit(resource.RLIMIT_FSIZE, before)
log._changed.wait_for(lambda: log.pressure() <= 1.0) if log._changed.acquire() else None
log._changed.release()
said.append(decided(sampling, "last"))
log.close()
print(json.dumps(said))
"""
"""Files of this process may not grow for a while, which is what a full disk does to a log."""


def test_a_full_disk_does_what_the_policy_says_and_what_was_queued_is_kept_in_the_end(tmp_path: Path) -> None:
    line = [sys.executable, "-P", "-c", FULL, str(tmp_path / "log")]
    ended = subprocess.run(
        line, capture_output=True, check=True, text=True, env={"PYTHONPATH": os.pathsep.join(sys.path)}
    )
    flushed, refused, sampled, last = json.loads(ended.stdout)
    assert "not on disk" in flushed
    assert "takes no rows" in refused
    assert (sampled, last) == (False, True)
    reader = ArrowLogReader(tmp_path / "log")
    ids = [row["decision_id"] for batch in reader.batches("loans") for row in batch.to_pylist()]
    assert ids == ["first", "waits", "last"]
    told = [row for batch in reader.batches("loans", Stream.REFUSALS) for row in batch.to_pylist()]
    assert [(row["guard"], row["rows"]) for row in told] == [("log", 1)]


LOAD = """
import sys
from pathlib import Path
from tests.gateway.test_recording import WhenFull, decided, recorder
from muster.adapters.arrowlog.writer import ArrowLog, Rolling

log = ArrowLog(Path(sys.argv[1]), Rolling(linger_s=0.0, segment_bytes=20_000))
writes = recorder(log, WhenFull.REFUSE)
number = 0
while True:
    for _ in range(50):
        decided(writes, f"d{number}")
        number += 1
    log.flush()
    print(number, flush=True)
"""


def test_a_process_that_is_killed_under_load_loses_nothing_that_it_called_logged(tmp_path: Path) -> None:
    line = [sys.executable, "-P", "-c", LOAD, str(tmp_path / "log")]
    with subprocess.Popen(
        line, stdout=subprocess.PIPE, text=True, env={"PYTHONPATH": os.pathsep.join(sys.path)}
    ) as child:
        assert child.stdout
        acknowledged = 0
        while acknowledged < 2_000:
            acknowledged = int(child.stdout.readline())
        child.kill()
        acknowledged = max([acknowledged, *map(int, child.stdout.read().split())])
    assert child.returncode == -signal.SIGKILL
    batches = ArrowLogReader(tmp_path / "log").batches("loans")
    ids = [row["decision_id"] for batch in batches for row in batch.to_pylist()]
    assert len(ids) == len(set(ids)) >= acknowledged
    assert {f"d{number}" for number in range(acknowledged)} <= set(ids)


def test_the_log_holds_the_same_however_many_rows_were_read(tmp_path: Path) -> None:
    """Of rows that were read against their types, arrays are logged; also where some inputs are kept apart."""
    terms = LogTerms(personal=("home", "years"))
    kept = {}
    for form in (dict, lambda rows: Typed(layout_of(COLUMNS), [rows[column.name] for column in COLUMNS])):
        row = {"income": 2, "home": "own", "debt": None, "years": 3, "job": None, "sort": "a", "age": 30}
        size = 40
        values = form({name: [value] * size for name, value in row.items()})
        source = Source(Stream.DECISIONS, "loans", "v", "s", COLUMNS)
        log = ArrowLog(tmp_path / form.__name__)
        told = [f"d{at}" for at in range(size)], Repeated("r", size), [0.1] * size, [True] * size, ["yes"] * size
        columns = *told, [()] * size, [()] * size, Repeated(7, size)
        assert Recorder(log, source, terms).decided(Rows(size, values, {}), columns, (1_000_000, "", 1))
        log.close()
        reader = ArrowLogReader(tmp_path / form.__name__)
        kept[form.__name__] = [
            row for stream in Stream for batch in reader.batches("loans", stream) for row in batch.to_pylist()
        ]
    first, second = kept.values()
    assert first == second
    assert len(first) == 80
    assert first[0]["input.age"] == 30
