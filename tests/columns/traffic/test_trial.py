from __future__ import annotations

from datetime import UTC, datetime, timedelta

from muster.columns.traffic.trial import CHAMPION, REFUSED, SPAN, TRIED, days, refused, sides, within

START = datetime(2026, 11, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def test_rows_are_in_the_span_that_they_were_decided_in_or_in_none() -> None:
    at = [START - DAY, START, START + DAY, START + 2 * DAY, START + 3 * DAY]
    found = within(refused(TRIED, REFUSED, at, [1, 2, 3, 4, 5], []), [(START, START + DAY), (START + 2 * DAY, None)])
    assert found.column("rows").to_pylist() == [2, 4, 5], "a span ends before its end"
    assert found.column(SPAN).to_pylist() == [0, 1, 1]


def test_refusals_make_no_days_and_belong_to_whom_they_concern() -> None:
    table = within(refused(CHAMPION, REFUSED, [START], [7], []), [(START, None)])
    one, champion = sides(table, "")
    assert (one.refused, champion.refused, champion.rows, days(table)) == (0, 7, 0, 0.0)
