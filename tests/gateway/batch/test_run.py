from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from muster.gateway.batch.checkpoint import Checkpoint, Errand, Kept
from muster.gateway.batch.deciding import Refusal
from muster.gateway.batch.run import Pace, Run, Stopped, begin
from muster.gateway.batch.working import Done
from muster.records.logs.segments import Aside

ERRAND = Errand("loans", "v", "s", "", "csv", (), reasons=False)


@dataclass
class Ends:
    """Output and log in one, that remember in which order they were asked."""

    said: list[str] = field(default_factory=list)
    rows: list[Any] = field(default_factory=list)

    def replay(self, parts: Sequence[str]) -> None:
        self.said.append(f"replay {len(parts)}")

    def write(self, *given: Any) -> None:
        self.rows.append(given[0])

    def part(self) -> Any:
        self.said.append("part")
        return ""

    def publish(self, segments: Sequence[Aside]) -> None:
        self.said.append("publish" if not segments else "")

    def __getattr__(self, name: str) -> Any:
        return lambda *_: self.said.append(name)


class Log(Ends):
    def part(self) -> list[Aside]:
        self.said.append("part")
        return []


def read(count: int) -> Any:
    def batches(_: Sequence[str], start: int, __: int) -> Iterator[int]:
        return iter(range(start, count))

    return SimpleNamespace(batches=batches)


def run(output: Ends, log: Ends, work: Any, current: Any = lambda: None, *, part: int = 100) -> Run:
    pace = Pace(workers=3, size=1, part=part, stop_on_refusal=True)
    return Run(work, pace, current, output, log, Kept(None), lambda _: None)


def done(_: Any, batch: int) -> Done:
    return Done(1, {}, 1, 0, batch, ())


def test_rows_are_written_in_their_order_whoever_is_first() -> None:
    output, log = Ends(), Log()
    end = run(output, log, done, part=10).go(read(35), (), Checkpoint("r", ERRAND))
    assert output.rows == list(range(35))
    assert (end.rows, end.favoured) == (35, 35)
    assert output.said == ["part"] * 4 + ["finish"]
    assert log.said == ["part", "publish"] * 4


def test_a_refusal_that_stops_names_its_row_and_keeps_what_was_before() -> None:
    def work(_: Any, batch: int) -> Done:
        return Done(1, {0: Refusal("schema", "no")} if batch == 7 else {}, 1, 0, batch, ())

    output, log = Ends(), Log()
    with pytest.raises(Stopped, match="row 7 is refused by schema: no"):
        run(output, log, work).go(read(20), (), Checkpoint("r", ERRAND))
    assert output.rows == list(range(7))
    assert output.said == ["part", "abandon"]
    assert log.said == ["part", "publish"]


def test_what_fails_leaves_the_last_checkpoint_as_it_is() -> None:
    def work(_: Any, batch: int) -> Done:
        if batch == 3:
            raise ArithmeticError
        return done(None, batch)

    output, log = Ends(), Log()
    with pytest.raises(ArithmeticError):
        run(output, log, work).go(read(9), (), Checkpoint("r", ERRAND))
    assert (output.said, log.said) == (["abandon"], ["abandon"])


def test_a_run_begins_where_its_checkpoint_says(tmp_path: Any) -> None:
    kept, log, output = Kept(tmp_path), Log(), Ends()
    assert begin("r", ERRAND, kept, log, output) == Checkpoint("r", ERRAND)
    assert log.said == ["start"]
    at = Checkpoint("r", ERRAND, 5, parts=("sha256:1",))
    kept.write(at)
    log = Log()
    assert begin("other", ERRAND, kept, log, output) == at
    assert log.said == ["publish", "start", "discard"]
    assert output.said == ["replay 1"]
