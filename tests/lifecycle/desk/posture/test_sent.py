from __future__ import annotations

from tests.walk import Walked

from muster.lifecycle.desk.posture.sent import groups_of, newest, sent


def test_the_newest_orders_come_first(walked: Walked) -> None:
    walked.do("omar", "orders issue")
    walked.do("omar", "orders issue", group="other")
    context = walked.context()
    assert [orders.number for orders in sent(context, "default")] == [2, 1]
    assert groups_of(context) == ("default", "other")
    found = newest(context, "default")
    assert found is not None
    assert found.number == 2
    assert newest(context, "nobody") is None
