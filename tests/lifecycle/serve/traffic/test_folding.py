from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from tests.lifecycle.serve.traffic.logs import refuse, write
from tests.walk import Walked

from muster.adapters.arrowlog.writer import ArrowLog
from muster.lifecycle.serve.traffic.figures import figures_of, folding_of
from muster.lifecycle.serve.traffic.folding import Folding
from muster.records.traffic.canary import CanaryPlan


def folding(walked: Walked, **ago: float) -> Folding:
    return Folding("credit", (walked.version,), walked.clock() - timedelta(**(ago or {"hours": 1})), "")


def rows(walked: Walked, found: Folding) -> tuple[int, int]:
    """Look, and return what is known, and how many pieces of the log it took since the last look."""
    before = found.read
    side = found.look(walked.context())[walked.version]
    assert len(side.scores) == 0 or sum(map(len, side.scores)) == side.rows
    return side.rows, found.read - before


def test_a_look_reads_only_what_came_since_the_last(walked: Walked) -> None:
    found = folding(walked)
    write(walked, walked.version, 50)
    write(walked, walked.version, 60)
    assert rows(walked, found) == (110, 2)
    assert rows(walked, found) == (110, 0)
    write(walked, walked.version, 70)
    assert rows(walked, found) == (180, 1)
    log = ArrowLog(walked.home / "log")
    write(walked, walked.version, 5, log=log)
    assert rows(walked, found) == (185, 1)
    write(walked, walked.version, 6, log=log)
    assert rows(walked, found) == (191, 1), "what grows is read again, and counts once"
    log.close()
    assert rows(walked, found) == (191, 1)
    assert rows(walked, found) == (191, 0)
    assert rows(walked, folding(walked)) == (191, 4), "and a process that begins anew finds the same"


def test_what_was_before_counts_for_nothing_though_it_is_in_the_same_segment(walked: Walked) -> None:
    log = ArrowLog(walked.home / "log")
    write(walked, walked.version, 50, ago=timedelta(hours=2), log=log)
    write(walked, walked.version, 60, log=log)
    log.close()
    assert rows(walked, folding(walked)) == (60, 1)


def test_a_batch_that_a_writer_repeats_in_its_next_segment_counts_once(walked: Walked) -> None:
    write(walked, walked.version, 50)
    (path,) = (walked.home / "log").rglob("*-rows.arrows")
    stem, _, rest = path.name.partition(".")
    found = folding(walked)
    assert rows(walked, found) == (50, 1)
    path.with_name(f"{stem[:-1]}9.{rest}").write_bytes(path.read_bytes())
    assert rows(walked, found) == (50, 1)
    assert rows(walked, folding(walked)) == (50, 2)


def test_refusals_count_by_who_refused(walked: Walked) -> None:
    found = folding(walked)
    for guard, count in (("schema", 3), ("consistent", 5), ("rate", 7), ("client-rate", 11), ("size", 13)):
        refuse(walked, walked.version, guard, count)
    side = found.look(walked.context())[walked.version]
    assert (side.refused, side.faults, side.rows) == (3, 5, 0)


def test_a_step_keeps_what_was_read_and_the_next_begins_anew(walked: Walked) -> None:
    plan, since = CanaryPlan("default", "credit", "sha256:o", walked.version, (0.1,), 30.0), walked.clock()
    context = walked.context()
    write(walked, walked.version, 50, ago=-timedelta(minutes=1))
    figures_of(context, plan, since)
    assert folding_of(context, plan, since).read == 1
    assert folding_of(context, plan, since) is folding_of(context, plan, since)
    assert folding_of(context, plan, since + timedelta(hours=1)).read == 0


def test_what_retention_moved_to_tables_is_read_there(walked: Walked) -> None:
    pytest.importorskip("deltalake")
    write(walked, walked.version, 50)
    known = folding(walked)
    assert rows(walked, known) == (50, 1)
    walked.do("omar", "log compact")
    walked.do("admin", "retention set", data="inference-log-segments", days=1, reason="tables have them")
    walked.clock.offset += timedelta(days=3)
    assert walked.do("admin", "retention run")
    assert not list(Path(walked.home / "log").rglob("*.arrows"))
    assert rows(walked, known) == (50, 0)
    fresh = Folding("credit", (walked.version,), walked.clock() - timedelta(days=4), "")
    assert rows(walked, fresh) == (50, 1)
    assert rows(walked, fresh) == (50, 0)
