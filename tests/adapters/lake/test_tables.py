from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.adapters.arrowlog.blocks import SOURCE, block

from muster.adapters.arrowlog.reader import ArrowLogReader
from muster.adapters.arrowlog.writer import ArrowLog, Rolling
from muster.adapters.lake.tables import DeltaLake
from muster.ports.log import Stream


@pytest.fixture
def written(tmp_path: Path) -> ArrowLogReader:
    """Several closed segments of one deployment, 200 rows in all."""
    return write(tmp_path / "log")


def write(folder: Path, segments: int = 4) -> ArrowLogReader:
    for segment in range(segments):
        log = ArrowLog(folder, Rolling(linger_s=0.0))
        for batch in range(5):
            log.append(SOURCE, block(1_000_000 + 50 * segment + 10 * batch, 10))
            log.flush()
        log.close()
    return ArrowLogReader(folder)


def take_all(lake: DeltaLake, reader: ArrowLogReader) -> int:
    return sum(lake.take(part.deployment, part.stream, part.name, part.read()) for part in reader.parts())


def ids(lake: DeltaLake) -> list[str]:
    batches = lake.batches(SOURCE.deployment, Stream.DECISIONS)
    return [row["decision_id"] for batch in batches for row in batch.to_pylist()]


def logged(reader: ArrowLogReader) -> list[str]:
    return [row["decision_id"] for batch in reader.batches(SOURCE.deployment) for row in batch.to_pylist()]


def test_every_segment_is_taken_once_however_often_it_is_tried(tmp_path: Path, written: ArrowLogReader) -> None:
    lake = DeltaLake(tmp_path / "lake")
    assert take_all(lake, written) == 200
    assert take_all(lake, written) == take_all(DeltaLake(tmp_path / "lake"), written) == 0
    assert Counter(ids(lake)) == Counter(logged(written))
    assert lake.rows(SOURCE.deployment, Stream.DECISIONS) == 200
    assert lake.rows("nobody", Stream.DECISIONS) == 0
    assert all(lake.has(part.deployment, part.stream, part.name) for part in written.parts())


def test_a_batch_that_a_writer_repeated_is_there_once(tmp_path: Path, written: ArrowLogReader) -> None:
    lake = DeltaLake(tmp_path / "lake")
    part = next(iter(written.parts()))
    assert lake.take(part.deployment, part.stream, "one", part.read()) == 50
    assert lake.take(part.deployment, part.stream, "other", part.read()) == 0


def test_what_is_dropped_is_in_no_file_any_more(tmp_path: Path, written: ArrowLogReader) -> None:
    lake = DeltaLake(tmp_path / "lake")
    take_all(lake, written)
    first, *rest = written.parts()
    assert lake.drop(first.deployment, first.stream, first.name) == 50
    assert lake.rows(SOURCE.deployment, Stream.DECISIONS) == 150
    gone = {row["decision_id"] for _, batch in first.read() for row in batch.to_pylist()}
    files = [pq.read_table(file, columns=["decision_id"]) for file in (tmp_path / "lake").rglob("*.parquet")]
    left = {name for file in files for name in file.column("decision_id").to_pylist()}
    assert len(left) == 150
    assert not left & gone
    assert len(rest) == 3


KILLED = """
import os, signal, sys
from pathlib import Path
import deltalake
from tests.adapters.lake.test_tables import DeltaLake, take_all
from muster.adapters.arrowlog.reader import ArrowLogReader

real, left, when = deltalake.write_deltalake, int(sys.argv[3]), sys.argv[4]

def write(*args, **options):
    global left
    left -= 1
    if when == "before" and left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    real(*args, **options)
    if when == "after" and left < 0:
        os.kill(os.getpid(), signal.SIGKILL)

deltalake.write_deltalake = write
take_all(DeltaLake(Path(sys.argv[2])), ArrowLogReader(Path(sys.argv[1])))
"""


def test_whoever_is_killed_and_comes_again_counts_equal(tmp_path: Path, written: ArrowLogReader) -> None:
    folders = [str(tmp_path / "log"), str(tmp_path / "lake")]
    environment = {"PYTHONPATH": os.pathsep.join(sys.path)}
    for when in ("before", "after"):
        line = [sys.executable, "-P", "-c", KILLED, *folders, "1", when]
        died = subprocess.run(line, check=False, capture_output=True, env=environment)
        assert died.returncode == -signal.SIGKILL, died.stderr
    lake = DeltaLake(tmp_path / "lake")
    part = sum(lake.has(part.deployment, part.stream, part.name) for part in written.parts())
    assert part == 3  # one, then death before the second; two more, the last of them just committed
    assert take_all(lake, written) == 50
    assert Counter(ids(lake)) == Counter(logged(written))


def test_a_kill_at_any_moment_leaves_each_row_once(tmp_path: Path, written: ArrowLogReader) -> None:
    """Also while files of the table are written: before its commit they are nothing, whoever comes again."""
    line = [sys.executable, "-P", "-c", TAKING, str(tmp_path / "log"), str(tmp_path / "lake")]
    environment = {"PYTHONPATH": os.pathsep.join(sys.path)}
    lake = DeltaLake(tmp_path / "lake")
    for wait in (0.005, 0.02, 0.04, 0.06):
        with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment) as process:
            assert process.stdout
            process.stdout.readline()
            time.sleep(wait)
            process.kill()
        there = Counter(ids(lake)) if lake.segments() else Counter()
        assert set(there.values()) <= {1}
        assert there <= Counter(logged(written))
    (tmp_path / "lake/d-loans/decisions").mkdir(parents=True, exist_ok=True)
    (tmp_path / "lake/d-loans/decisions/left.parquet").write_bytes(b"half a file")
    take_all(lake, written)
    assert Counter(ids(lake)) == Counter(logged(written))


TAKING = """
import sys
import time
from pathlib import Path
from tests.adapters.lake.test_tables import DeltaLake, take_all
from muster.adapters.arrowlog.reader import ArrowLogReader
print("begun", flush=True)
take_all(DeltaLake(Path(sys.argv[2])), ArrowLogReader(Path(sys.argv[1])))
"""


def test_two_at_a_time_take_nothing_twice(tmp_path: Path, written: ArrowLogReader) -> None:
    line = [sys.executable, "-P", "-c", TAKING, str(tmp_path / "log"), str(tmp_path / "lake")]
    environment = {"PYTHONPATH": os.pathsep.join(sys.path)}
    silent = subprocess.DEVNULL
    both = [subprocess.Popen(line, stdout=silent, stderr=silent, env=environment) for _ in range(2)]
    for process in both:
        process.wait()
    lake = DeltaLake(tmp_path / "lake")
    take_all(lake, written)  # one may have given way to the other
    assert Counter(ids(lake)) == Counter(logged(written))


def test_whoever_writes_is_waited_for(tmp_path: Path, written: ArrowLogReader) -> None:
    lake, first = DeltaLake(tmp_path / "lake"), next(iter(written.parts()))
    (tmp_path / "lake").mkdir()
    with (tmp_path / "lake" / ".lock").open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        taking = threading.Thread(target=lambda: take_all(lake, written))
        taking.start()
        taking.join(0.5)
        assert taking.is_alive()
        assert not lake.has(first.deployment, first.stream, first.name)
    taking.join()
    assert Counter(ids(lake)) == Counter(logged(written))
