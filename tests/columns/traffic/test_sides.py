from __future__ import annotations

import pyarrow as pa

from muster.columns.traffic.sides import Side, joined


def batch(scores: list[float], favourable: list[bool | None], groups: list[str | None] | None = None) -> pa.Table:
    columns = {"score": scores, "favourable": pa.array(favourable, pa.bool_()), "latency_us": [1] * len(scores)}
    return pa.table(columns | ({"sex": groups} if groups else {}))


def test_parts_added_up_are_the_whole() -> None:
    whole, first, second = Side(), Side(), Side()
    one = batch([0.1, 0.2, 0.3], [True, None, False], ["f", "f", None])
    two = batch([0.4], [True], ["m"])
    for each, side in ((one, first), (two, second)):
        whole.take(each, "sex")
        side.take(each, "sex")
    first.join(second)
    assert (first.rows, first.decided, first.favoured) == (whole.rows, whole.decided, whole.favoured) == (4, 3, 2)
    assert first.groups == whole.groups == {"f": [1, 1], "m": [1, 1]}
    assert joined(first.pressed().scores).tolist() == [0.1, 0.2, 0.3, 0.4]


def test_groups_of_numbers_are_named_as_text_and_absent_columns_have_none() -> None:
    side = Side()
    side.take(batch([0.1], [True]), "sex")
    assert side.groups == {}
    table = batch([0.1, 0.2], [True, False]).append_column("age", pa.array([40, 40]))
    side.take(table, "age")
    assert side.groups == {"40": [1, 2]}
    assert joined([]).size == 0
