from collections.abc import Callable

import pyarrow as pa
import pytest

from muster.checks.registry import measure
from muster.columns.sample import Sample
from muster.records.evidence import Outcome


def reading(make_sample: Callable[..., Sample], *inputs: str) -> Sample:
    return make_sample(table=pa.table({name: [0.0] for name in inputs}), scores=[0.1], inputs=inputs, target="")


@pytest.mark.parametrize(
    ("inputs", "columns", "total", "note"),
    [
        (("income",), ["AGE"], 0, ""),
        (("income", "AGE"), ["AGE"], 1, "AGE"),
        (("age", "income"), ["AGE"], 1, "age"),
        (("AGE_BAND", "income"), ["AGE"], 0, ""),
        (("MARRIAGE_0", "MARRIAGE_1", "SEX"), ["MARRIAGE_*", "SEX", "M*1"], 3, "MARRIAGE_0, MARRIAGE_1, SEX"),
        (("x[1]",), ["x[1]"], 1, "x[1]"),
        (("x1",), ["x[1]", "x?", "."], 0, ""),
    ],
)
def test_prohibited_names_are_counted(
    make_sample: Callable[..., Sample], inputs: tuple[str, ...], columns: list[str], total: int, note: str
) -> None:
    found = measure("fairness.prohibited_inputs", reading(make_sample, *inputs), {"columns": columns})
    assert found.outcome is Outcome.MEASURED
    whole, *parts = found.figures
    assert (whole.value, whole.low, whole.high, whole.n, whole.note) == (total, total, total, len(inputs), note)
    assert [part.group for part in parts] == columns


def test_a_name_that_no_column_has_is_pointed_out(make_sample: Callable[..., Sample]) -> None:
    found = measure("fairness.prohibited_inputs", make_sample(), {"columns": ["age", "AGEE"]})
    assert [figure.note for figure in found.figures[1:]] == [
        "",
        "no column of the sample has this name: is it spelt right?",
    ]


def test_a_sample_that_hides_its_inputs_is_not_measured(make_sample: Callable[..., Sample]) -> None:
    found = measure("fairness.prohibited_inputs", make_sample(inputs=()), {"columns": ["AGE"]})
    assert found.outcome is Outcome.NOT_MEASURED
    assert "does not say which inputs" in found.reason


def test_no_columns_named_is_no_check(make_sample: Callable[..., Sample]) -> None:
    assert measure("fairness.prohibited_inputs", make_sample(), {"columns": []}).outcome is Outcome.NOT_MEASURED
    assert measure("fairness.prohibited_inputs", make_sample(), {}).outcome is Outcome.NOT_MEASURED
