from __future__ import annotations

from datetime import UTC, datetime

from muster.adapters.telling.pace import AGAIN_S, MOST, REMEMBERED, Pace
from muster.records.access.alert import Alert, Severity


def alert(what: str = "orders-replayed", about: str = "gateway:g") -> Alert:
    return Alert(what, Severity.CRITICAL, about, "words", datetime(2026, 11, 23, tzinfo=UTC))


def test_the_same_alert_is_told_once_an_hour_and_then_says_how_often_it_came() -> None:
    pace = Pace()
    assert pace.take(alert(), 0.0) == ""
    assert [pace.take(alert(), at) for at in (1.0, AGAIN_S - 1)] == [None, None]
    assert pace.take(alert(about="gateway:other"), 2.0) == ""
    assert pace.take(alert(), AGAIN_S) == " (noticed 2 more times since it was last told)"
    assert pace.take(alert(), 2 * AGAIN_S) == ""


def test_a_flood_of_one_sort_does_not_silence_the_others() -> None:
    pace = Pace()
    told = [pace.take(alert("sign-in-attempts", f"actor:{n}"), 1.0) for n in range(100)]
    assert told.count("") == MOST
    assert pace.take(alert("root-wrong"), 2.0) == ""
    later = pace.take(alert("sign-in-attempts", "actor:x"), AGAIN_S + 2)
    assert later == f" ({100 - MOST} more of its sort were not told: {MOST} an hour are)"


def test_what_is_remembered_is_bounded() -> None:
    pace = Pace()
    for n in range(REMEMBERED + 10):
        pace.take(alert(f"a{n}", f"b{n}"), float(n))
    assert len(pace._told) == REMEMBERED
