from datetime import date

import pyarrow as pa

from muster.checks.data.leakage.time_order import time_order
from muster.checks.kit import assert_lawful, credit_sample
from muster.columns.rescoring import Companion
from muster.columns.sample import Sample

FIRST = date(2025, 1, 1).toordinal()


def days(*numbers: int | None) -> pa.Array:
    return pa.array([None if number is None else date.fromordinal(FIRST + number) for number in numbers], pa.date32())


def sample_of(table: pa.Table) -> Sample:
    sample = credit_sample(data=table, scores=[0.2] * table.num_rows, inputs=(), target="")
    return sample.beside(
        companion=Companion.of(pa.table({"day": days(3, 9, None)}), name="fit", digest="sha256:04", role="training")
    )


def test_rows_that_are_not_later_than_the_fit_are_counted() -> None:
    found = assert_lawful(time_order, {"time": "day"}, sample_of(pa.table({"day": days(5, 9, 10, 11, None)})))
    figures = {figure.name: figure for figure in found.figures}
    early = figures["not_after_training_share"]
    assert (early.value, early.n) == (0.5, 4)
    assert early.note == "the latest row of fit (training, sha256:04) is of 2025-01-10"
    assert figures["time_missing_share"].value == 0.2


def test_inputs_that_are_known_after_the_decision_are_counted() -> None:
    table = pa.table({"day": days(10, 11, 12, None), "bureau": days(9, 12, None, 3), "paid": days(10, 11, 12, 1)})
    found = time_order.measure(sample_of(table), {"time": "day", "known_later": ["bureau", "paid"]})
    later = {figure.group: (figure.value, figure.n) for figure in found.figures if figure.name == "known_later_share"}
    assert later == {"bureau": (0.5, 2), "paid": (0.0, 3)}


def test_without_a_time_nothing_is_measured() -> None:
    sample = sample_of(pa.table({"day": days(None, None), "other": days(1, None)}))
    assert "has no time column" in time_order.measure(sample, {}).reason
    assert "says of no row when it was" in time_order.measure(sample, {"time": "day"}).reason
    assert "there is no column 'never'" in time_order.measure(sample, {"time": "never"}).reason
    unknown = time_order.measure(sample, {"time": "other", "known_later": ["day"]})
    assert "there is no column 'other'" in unknown.reason or "nothing is known of their order" in unknown.reason
    alone = Sample.of(sample.table, [0.1, 0.1], sample.rule, name="n", digest="d", role="window")
    assert "has no other rows beside it" in time_order.measure(alone, {"time": "other"}).reason
    assert (
        "nothing is known of their order" in time_order.measure(alone, {"time": "other", "known_later": ["day"]}).reason
    )
