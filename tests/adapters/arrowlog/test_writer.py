from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from tests.adapters.arrowlog.blocks import REFUSALS, SOURCE, block

from muster.adapters.arrowlog import writer
from muster.adapters.arrowlog.reader import ArrowLogReader
from muster.adapters.arrowlog.writer import ArrowLog, Rolling
from muster.ports.log import Source, Stream
from muster.records.data import Column, ColumnType

QUICK = Rolling(linger_s=0.0, retry_s=0.01)


def read(folder: Path) -> list[int]:
    batches = ArrowLogReader(folder).batches("loans")
    return [int(value) for batch in batches for value in batch.column("decision_id").to_pylist()]


def test_what_was_flushed_is_on_disk_before_the_log_is_closed(tmp_path: Path) -> None:
    log = ArrowLog(tmp_path, QUICK)
    for start in range(0, 50, 5):
        log.append(SOURCE, block(start, 5))
        log.flush()
        assert read(tmp_path) == list(range(start + 5))
    log.close()
    assert read(tmp_path) == list(range(50))


def test_single_rows_are_kept_as_blocks_are(tmp_path: Path) -> None:
    log = ArrowLog(tmp_path, Rolling(queue_rows=3, linger_s=60.0))
    log.append_row(SOURCE, tuple(values[0] for values in block(0).values()))
    log.append(SOURCE, block(1))
    log.append_row(SOURCE, tuple(values[0] for values in block(2).values()))
    with pytest.raises(OSError, match="full: 3 rows wait"):
        log.append_row(SOURCE, ())
    log.close()
    assert read(tmp_path) == [0, 1, 2]


def test_who_waits_for_rows_does_not_wait_for_more_of_them(tmp_path: Path) -> None:
    log = ArrowLog(tmp_path, Rolling(linger_s=3_600.0))
    for start in range(3):
        log.append(SOURCE, block(start))
        log.flush()
        assert read(tmp_path) == list(range(start + 1))
    log.close()


def test_room_is_made_batch_by_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "BATCH_ROWS", 4)
    log = ArrowLog(tmp_path, Rolling(linger_s=3_600.0))
    for start in range(0, 10, 2):
        log.append(SOURCE, block(start, 2))
    log.append_row(SOURCE, tuple(values[0] for values in block(10).values()))
    log.close()
    assert [batch.num_rows for batch in ArrowLogReader(tmp_path).batches("loans")] == [4, 4, 3]
    assert read(tmp_path) == list(range(11))


def test_streams_are_kept_apart(tmp_path: Path) -> None:
    log = ArrowLog(tmp_path, QUICK)
    log.append(REFUSALS, {"request_id": ["r"], "at": [0], "guard": ["schema"], "reason": ["no"], "rows": [1]})
    log.append(SOURCE, block(0))
    log.close()
    (batch,) = ArrowLogReader(tmp_path).batches("loans", Stream.REFUSALS)
    assert batch.to_pylist()[0]["guard"] == "schema"
    assert read(tmp_path) == [0]


def test_threads_append_at_once_and_nothing_is_lost(tmp_path: Path) -> None:
    log = ArrowLog(tmp_path, QUICK)

    def work(first: int) -> None:
        for start in range(first, first + 100):
            log.append(SOURCE, block(start))

    threads = [threading.Thread(target=work, args=(first,)) for first in range(0, 400, 100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    log.close()
    assert sorted(read(tmp_path)) == list(range(400))


def test_segments_roll_by_size_and_by_age(tmp_path: Path) -> None:
    for rolling in (Rolling(linger_s=0, segment_bytes=1), Rolling(linger_s=0, segment_s=0.0)):
        log = ArrowLog(tmp_path, rolling)
        log.append(SOURCE, block(0))
        log.flush()
        log.append(SOURCE, block(1))
        log.close()
    assert len(list(tmp_path.rglob("*.arrows"))) == 4


def test_the_queue_is_bounded(tmp_path: Path) -> None:
    log = ArrowLog(tmp_path, Rolling(queue_rows=10, linger_s=60.0))
    log.append(SOURCE, block(0, 10))
    with pytest.raises(OSError, match="full: 10 rows wait"):
        log.append(SOURCE, block(10))
    log.close()
    assert read(tmp_path) == list(range(10))
    with pytest.raises(OSError, match="it is closed"):
        log.append(SOURCE, block(11))


def test_a_disk_that_refuses_stops_the_log_and_what_waits_is_kept_once_it_takes_again(tmp_path: Path) -> None:
    folder = tmp_path / "log"
    log = ArrowLog(folder, QUICK)
    folder.rmdir()
    folder.write_text("not a folder")
    log.append(SOURCE, block(0))
    with pytest.raises(OSError, match="1 rows of the inference log are not on disk"):
        log.flush()
    with pytest.raises(OSError, match="takes no rows"):
        log.append(SOURCE, block(1))
    folder.unlink()
    while True:
        try:
            log.append(SOURCE, block(2))
            break
        except OSError:
            threading.Event().wait(0.01)
    log.flush()
    log.close()
    assert read(folder) == [0, 2]


def test_closing_while_the_disk_refuses_says_what_was_lost(tmp_path: Path) -> None:
    folder = tmp_path / "log"
    log = ArrowLog(folder, QUICK)
    folder.rmdir()
    folder.write_text("not a folder")
    log.append(SOURCE, block(0, 3))
    with pytest.raises(OSError, match="3 rows of the inference log were not kept"):
        log.close()


FULL = """
import resource, signal, sys
from pathlib import Path
from muster.adapters.arrowlog.writer import ArrowLog, Rolling
from tests.adapters.arrowlog.blocks import SOURCE, block
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
log = ArrowLog(Path(sys.argv[1]), Rolling(linger_s=0.0, retry_s=0.01))
log.append(SOURCE, block(0)); log.flush()
(segment,) = Path(sys.argv[1]).rglob("*.open")
size = segment.stat().st_size + 100
resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
log.append(SOURCE, block(1, 50))
try:
    log.flush()
except OSError as error:
    print("refused:", error)
assert segment.stat().st_size == size - 100, "a torn batch was left behind"
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
while True:
    try:
        log.append(SOURCE, block(51)); break
    except OSError:
        pass
log.close()
"""


def test_a_full_disk_leaves_the_segment_whole_and_nothing_is_lost(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path)], capture_output=True, text=True, check=False, cwd=Path.cwd()
    )
    assert ended.returncode == 0, ended.stderr
    assert "refused: 50 rows" in ended.stdout
    assert "File too large" in ended.stdout
    assert read(tmp_path) == list(range(52))


KILLED = """
import sys
from pathlib import Path
from muster.adapters.arrowlog.writer import ArrowLog, Rolling
from tests.adapters.arrowlog.blocks import SOURCE, block
log = ArrowLog(Path(sys.argv[1]), Rolling(linger_s=0.0, segment_bytes=20_000))
for start in range(0, 10**9, 7):
    log.append(SOURCE, block(start, 7))
    if start % 21 == 0:
        log.flush()
        print(start + 7, flush=True)
"""


def test_a_writer_that_is_killed_loses_nothing_that_it_acknowledged(tmp_path: Path) -> None:
    acknowledged = 0
    for turn, lines in enumerate((3, 11, 29)):
        folder = tmp_path / str(turn)
        with subprocess.Popen(
            [sys.executable, "-c", KILLED, str(folder)], stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout
            for _ in range(lines):
                acknowledged = int(process.stdout.readline())
            process.kill()
            for line in process.stdout:
                acknowledged = int(line)
        kept = read(folder)
        assert kept == list(range(len(kept)))
        assert len(kept) >= acknowledged > 0


def test_it_tells_how_it_fares(tmp_path: Path) -> None:
    log = ArrowLog(tmp_path / "log", QUICK)
    log.append(SOURCE, block(0, 5))
    log.flush()
    (file,) = (tmp_path / "log").rglob("*.open")
    said = log.figures()
    assert (said.kept, said.waiting, said.room, said.failures) == (5, 0, QUICK.queue_rows, 0)
    assert said.written == file.stat().st_size
    assert not said.failing
    log.close()
    assert log.figures().failing


def test_segments_of_a_deployment_that_somebody_waits_for_are_closed_often(tmp_path: Path) -> None:
    log = ArrowLog(tmp_path, QUICK)
    others = replace(SOURCE, deployment="others")

    def closed(deployment: str) -> int:
        for source in (SOURCE, others):
            log.append(source, block(0))
        log.flush()
        log.append(REFUSALS, {"request_id": ["r"], "at": [0], "guard": ["schema"], "reason": ["no"], "rows": [1]})
        log.flush()  # what was written before was looked at by now
        return len(list((tmp_path / f"d-{deployment}" / "decisions").glob("*.arrows")))

    assert (closed("loans"), closed("others")) == (0, 0)
    log.hasten({"loans": 0.0})
    assert closed("loans") > 0
    assert closed("others") == 0
    log.hasten({"others": 0.0})
    assert closed("others") > 0
    log.close()


def test_rows_of_one_version_with_other_inputs_kept_apart_are_never_mixed(tmp_path: Path) -> None:
    columns = [Column(name, ColumnType.CATEGORY, categories=(name,)) for name in ("a", "b")]
    first, second = (Source(Stream.PERSONAL, "loans", "v", "s", (column,)) for column in columns)
    log = ArrowLog(tmp_path, Rolling(linger_s=3_600.0))
    log.append_row(first, ("1", 0, "a"))
    log.append_row(second, ("2", 0, "b"))
    log.append_row(Source(Stream.PERSONAL, "loans", "v", "s", tuple(columns)), ("3", 0, "a", "b"))
    log.close()
    rows = [row for batch in ArrowLogReader(tmp_path).batches("loans", Stream.PERSONAL) for row in batch.to_pylist()]
    found = {row["decision_id"]: {name: row[name] for name in row if name.startswith("input.")} for row in rows}
    assert found == {"1": {"input.a": "a"}, "2": {"input.b": "b"}, "3": {"input.a": "a", "input.b": "b"}}


def test_what_is_kept_apart_of_a_row_is_queued_with_it_or_neither_is(tmp_path: Path) -> None:
    log = ArrowLog(tmp_path, Rolling(queue_rows=3, linger_s=3_600.0))
    row = tuple(values[0] for values in block(0).values())
    apart = replace(SOURCE, stream=Stream.PERSONAL, inputs=())
    kept = {"decision_id": ["0"], "at": [0]}
    log.append_row(SOURCE, row, (apart, ("0", 0)))
    for append in (
        lambda: log.append_row(SOURCE, row, (apart, ("0", 0))),
        lambda: log.append(SOURCE, block(0), (apart, kept)),
    ):
        with pytest.raises(OSError, match="full: 2 rows wait"):
            append()
    with pytest.raises(ValueError, match="equally long"):
        log.append(SOURCE, block(0), (apart, {**kept, "at": []}))
    log.append_row(SOURCE, row)
    log.close()
    assert len(read(tmp_path)) == 2
    assert sum(batch.num_rows for batch in ArrowLogReader(tmp_path).batches("loans", Stream.PERSONAL)) == 1
