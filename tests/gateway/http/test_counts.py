from __future__ import annotations

from tests.gateway.caller import Caller
from tests.gateway.papers.written import body

from muster.gateway.http.counts import DOORS, OIP, Counts, outcome_of


def test_requests_rows_and_times_add_up(caller: Caller) -> None:
    assert Counts().rows == 0
    caller.infer(body(3))
    (first,) = (counts.answered_ns for counts in caller.gateway.desk.counts.values())
    caller.infer(body(2))
    (counts,) = caller.gateway.desk.counts.values()
    assert (counts.rows, counts.answered, counts.failed) == (5, 2, 0)
    assert counts.answered_ns > first > 0
    assert counts.last_ms > 0


def test_requests_are_counted_by_door_time_and_outcome(caller: Caller) -> None:
    caller.infer(body(3))
    caller("POST", "/predict/loans", {"income": 1e4, "months": 1, "job": "clerk"})
    caller("POST", "/predict/loans", {"income": "much", "months": 1, "job": "clerk"})
    caller.infer(b"{")
    caller("GET", "/nowhere")
    (counts,) = caller.gateway.desk.counts.values()
    assert dict(zip(DOORS, counts.doors, strict=True)) == {"oip": 1, "invocations": 0, "predict": 1}
    assert sum(counts.latency) == 2
    assert sum(counts.failures.values()) == counts.failed == 2
    assert counts.failures[OIP, "invalid"] == 1
    assert caller.gateway.turned[404] == 1


def test_a_time_is_counted_where_its_power_of_two_is() -> None:
    counts = Counts()
    counts.answer(1, 2**14 - 1, OIP, 0)
    counts.answer(1, 2**14, OIP, 0)
    assert (counts.latency[14], counts.latency[15]) == (1, 1)


def test_a_refusal_is_its_guards(caller: Caller) -> None:
    asked = body()
    asked["inputs"][0]["data"] = [None]
    assert caller.infer(asked)[0] in {400, 422}
    counts = Counts()
    counts.fail(5, OIP, outcome_of(422), "schema")
    counts.fail(5, OIP, outcome_of(422), "schema")
    assert counts.refusals == {"schema": 2}
    assert counts.failures == {(OIP, "refused"): 2}


def test_every_status_has_one_word() -> None:
    words = [outcome_of(status) for status in (400, 404, 413, 422, 429, 500, 501, 503)]
    assert words == ["invalid", "invalid", "too-large", "refused", "limited", "failed", "failed", "unavailable"]
