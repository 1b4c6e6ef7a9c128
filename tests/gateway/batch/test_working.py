from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from tests.gateway.batch.scene import rows
from tests.gateway.world import World

from muster.adapters.arrowlog.whole import RunLog
from muster.adapters.arrowlog.writer import ArrowLog
from muster.adapters.rowfiles.forms import Form
from muster.adapters.rowfiles.reading import RowFile
from muster.adapters.rowfiles.sheet import Sheet
from muster.gateway.batch.working import Work
from muster.gateway.served import Served
from muster.ports.log import Stream


def test_a_batch_becomes_results_and_lines_of_the_log(world: World, log: ArrowLog, tmp_path: Path) -> None:
    world.order(world.release())
    served = world.admissions(log).refresh().places["loans"].served
    assert isinstance(served, Served)
    pq.write_table(rows(40), tmp_path / "in.parquet")
    read = RowFile(tmp_path / "in.parquet", Form.PARQUET)
    sheet = Sheet(read.schema_of(("id",)), reasons=False)
    work = Work("score-1", read, sheet, RunLog(tmp_path / "log", "1"), lambda: world.now, ("id",), reasons=False)
    batch = pa.RecordBatch.from_pydict({name: rows(40)[name].to_pylist() for name in rows().column_names})
    done = work(served, batch)
    assert (done.rows, sorted(done.refusals), done.favoured <= 38) == (40, [19, 39], True)
    assert done.made.schema == sheet.schema
    by_stream = {source.stream: lines for source, lines in done.logged}
    assert by_stream[Stream.DECISIONS].num_rows == 38
    (refused,) = by_stream[Stream.REFUSALS].to_pylist()
    assert (refused["rows"], refused["reason"]) == (2, "column job: unknown category")
    ids = [row for row in done.made["decision_id"].to_pylist() if row]
    assert by_stream[Stream.DECISIONS]["decision_id"].to_pylist() == ids
