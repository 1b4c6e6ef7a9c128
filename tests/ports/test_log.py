"""The contract of Log and LogReader, for every adapter that fills them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from muster.adapters.arrowlog.reader import ArrowLogReader
from muster.adapters.arrowlog.writer import ArrowLog
from muster.ports.log import INPUT, Log, LogReader, Source, Stream
from muster.records.data import Column, ColumnType

SOURCE = Source(Stream.REFUSALS, "loans", "sha256:v", "sha256:s")
Opened = tuple[Log, LogReader]


def arrow(folder: Path) -> Opened:
    return ArrowLog(folder), ArrowLogReader(folder)


@pytest.fixture(params=[arrow])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Opened:
    make: Callable[[Path], Opened] = request.param
    return make(tmp_path)


def rows(*ids: str) -> dict[str, list[object]]:
    size = len(ids)
    return {
        "request_id": list(ids),
        "at": [0] * size,
        "guard": ["schema"] * size,
        "reason": ["no"] * size,
        "rows": [1] * size,
    }


def read(reader: LogReader, deployment: str) -> list[str]:
    batches = reader.batches(deployment, Stream.REFUSALS)
    return [name for batch in batches for name in batch.column("request_id").to_pylist()]


def test_what_was_flushed_can_be_read_in_its_order_while_the_log_goes_on(opened: Opened) -> None:
    log, reader = opened
    log.append(SOURCE, rows("a", "b"))
    log.append(SOURCE, rows("c"))
    log.flush()
    assert read(reader, "loans") == ["a", "b", "c"]
    log.append(SOURCE, rows("d"))
    log.close()
    assert read(reader, "loans") == ["a", "b", "c", "d"]


def test_deployments_and_streams_do_not_mix(opened: Opened) -> None:
    log, reader = opened
    log.append(SOURCE, rows("a"))
    log.close()
    assert read(reader, "others") == []
    assert list(reader.batches("loans")) == []


def test_a_closed_log_takes_nothing(opened: Opened) -> None:
    log, _ = opened
    log.close()
    with pytest.raises(OSError, match="closed"):
        log.append(SOURCE, rows("a"))


def test_an_input_may_have_the_name_of_a_column_of_ours(opened: Opened) -> None:
    log, reader = opened
    source = Source(Stream.DECISIONS, "loans", "sha256:v", "sha256:s", (Column("score", ColumnType.NUMBER),))
    row = {"decision_id": "d", "request_id": "r", "at": 0, "score": 0.25, "favourable": True, "decision": "approve"}
    row |= {"flags": [], "guards": "", "reasons": [], "scored_us": 1, "latency_us": 1, f"{INPUT}score": 700.0}
    log.append(source, {name: [value] for name, value in row.items()})
    log.close()
    (batch,) = reader.batches("loans")
    assert (batch.column("score").to_pylist(), batch.column(f"{INPUT}score").to_pylist()) == ([0.25], [700.0])
