from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from muster.adapters.arrowlog.reader import ArrowLogReader
from muster.adapters.arrowlog.sealing import Sealer
from muster.adapters.arrowlog.whole import RunLog
from muster.adapters.keys import KeyFile
from muster.adapters.signatures import verify
from muster.adapters.vault.frames import FrameCipher
from muster.ports.log import FRAMED, Locked, Sealing, Source, Stream
from muster.records.trust import Algorithm, Duty, KeyGrant

SOURCE = Source(Stream.REFUSALS, "loans", "v", "s")
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def block(log: RunLog, *rows: int) -> Any:
    columns = {"request_id": "r", "at": 1, "guard": "schema", "reason": "no", "rows": np.array(rows)}
    return log.batch(SOURCE, columns, len(rows))


def found(folder: Path, **sealing: Any) -> list[int]:
    batches = ArrowLogReader(folder / "log", verify).batches("loans", Stream.REFUSALS, **sealing)
    return [row["rows"] for batch in batches for row in batch.to_pylist()]


@pytest.fixture
def key(tmp_path: Path) -> KeyFile:
    return KeyFile.create(tmp_path / "key.pem", Algorithm.ECDSA_P256)


def opened(folder: Path, key: KeyFile | None = None) -> RunLog:
    (folder / "log").mkdir(exist_ok=True)
    sealer = Sealer(key, "score", folder / "log", folder / "state", lambda: NOW) if key else None
    return RunLog(folder / "log", "ab12", sealer)


def test_rows_count_once_they_are_published_and_not_before(tmp_path: Path) -> None:
    log = opened(tmp_path)
    log.start()
    log.write(SOURCE, block(log, 1, 2), 1)
    log.write(SOURCE, block(log, 3), 1)
    segments = log.part()
    assert [each.rows for each in segments] == [3]
    assert found(tmp_path) == []
    log.publish(segments)
    log.publish(segments)
    assert found(tmp_path) == [1, 2, 3]
    assert log.part() == []


def test_what_did_not_come_to_count_is_removed(tmp_path: Path) -> None:
    log = opened(tmp_path)
    log.write(SOURCE, block(log, 1), 1)
    kept = log.part()
    log.write(SOURCE, block(log, 2), 2)
    log.part()
    later = opened(tmp_path)
    later.publish(kept)
    later.discard(kept)
    later.write(SOURCE, block(later, 3), 3)
    later.abandon()
    assert found(tmp_path) == [1]
    assert not list(tmp_path.rglob("*.draft"))


@pytest.mark.parametrize("stage", ["before", "remembered", "renamed", "sealed", "done"])
def test_each_segment_is_sealed_once_wherever_the_run_was_killed(tmp_path: Path, key: KeyFile, stage: str) -> None:
    log = opened(tmp_path, key)
    log.start()
    log.write(SOURCE, block(log, 1), 1)
    segments = log.part()
    (each,) = segments
    stem = tmp_path / "log" / each.name
    sealer = log._sealer
    assert sealer
    if stage in ("remembered", "renamed"):
        sealer.opened(stem.with_name(stem.name + ".open"))
    if stage == "renamed":
        stem.with_name(stem.name + ".draft").rename(stem.with_name(f"{stem.name}.1-rows.arrows"))
    if stage == "sealed":  # and its memory of it lost
        before = tmp_path / "state/log-chain.json"
        sealer.opened(stem.with_name(stem.name + ".open"))
        memory = before.read_bytes()
        log.publish(segments)
        before.write_bytes(memory)
    if stage == "done":
        log.publish(segments)
    again = opened(tmp_path, key)
    again.publish(segments)
    again.start()
    again.write(SOURCE, block(again, 2), 2)
    again.publish(again.part())
    grants = Sealing((KeyGrant(Duty.GATEWAY_LOG, key.key, "score"),))
    assert found(tmp_path, sealing=grants) == [1, 2]


def test_a_run_seals_its_segments_with_a_key_where_there_is_one(tmp_path: Path, key: KeyFile) -> None:
    cipher = FrameCipher({"k": bytes(32)})
    folder = tmp_path / "log"
    folder.mkdir()
    sealer = Sealer(key, "score", folder, tmp_path / "state", lambda: NOW, cipher)
    log = RunLog(folder, "ab12", sealer, cipher)
    log.write(SOURCE, block(log, 1, 2), 1)
    log.publish(log.part())
    (segment,) = folder.rglob("*.arrows")
    assert segment.read_bytes().startswith(FRAMED)
    sealing = Sealing((KeyGrant(Duty.GATEWAY_LOG, key.key, name="score"),))
    reader = ArrowLogReader(folder, verify, cipher)
    batches = list(reader.batches("loans", Stream.REFUSALS, sealing))
    assert [row["rows"] for batch in batches for row in batch.to_pylist()] == [1, 2]
    with pytest.raises(Locked):
        found(tmp_path)
