from __future__ import annotations

from tests.gateway.caller import Caller
from tests.gateway.papers import body

from muster.gateway.http.counts import Counts


def test_requests_rows_and_times_add_up(caller: Caller) -> None:
    assert Counts().rows == 0
    caller.infer(body(3))
    (first,) = (counts.answered_ns for counts in caller.gateway.desk.counts.values())
    caller.infer(body(2))
    (counts,) = caller.gateway.desk.counts.values()
    assert (counts.rows, counts.answered, counts.failed) == (5, 2, 0)
    assert counts.answered_ns > first > 0
    assert counts.last_ms > 0
