import numpy as np
import pyarrow as pa

from muster.checks.data.outliers import outliers
from muster.checks.kit import assert_lawful, credit_sample
from muster.columns.rescoring import Companion
from muster.columns.sample import Sample


def sample_of(table: pa.Table, fitted: pa.Table | None = None) -> Sample:
    given = {"scores": np.full(table.num_rows, 0.2), "inputs": tuple(table.column_names), "target": ""}
    made = credit_sample(data=table, **given)
    other = Companion.of(table if fitted is None else fitted, name="fit", digest="sha256:01", role="training")
    return made.beside(companion=other)


def test_the_kit_finds_it_lawful() -> None:
    assert {figure.name for figure in assert_lawful(outliers).figures} == {"outlier_share", "outside_share"}


def test_far_and_infinite_numbers_are_counted() -> None:
    numbers = np.concatenate((np.arange(100.0), [1e6, -1e6, np.inf, np.nan]))
    found = outliers.measure(sample_of(pa.table({"x": numbers})), {})
    shares = {figure.name: (round(figure.value * figure.n), figure.n) for figure in found.figures}
    assert shares == {"infinite_share": (1, 104), "outlier_share": (2, 102), "outside_share": (1, 104)}


def test_what_the_fit_did_not_have_is_outside() -> None:
    table = pa.table({"x": [1.0, 2.0, 9.0, None], "region": ["north", "nroth", None, "south"]})
    fitted = pa.table({"x": [0.0, 5.0], "region": ["north", "south"]})
    found = outliers.measure(sample_of(table, fitted), {})
    outside = {figure.group: figure.value for figure in found.figures if figure.name == "outside_share"}
    assert outside == {"x": 0.25, "region": 0.25}
    emptied = pa.table({"x": pa.array([None, None], pa.float64()), "region": ["north", "south"]})
    again = outliers.measure(sample_of(table, emptied), {"columns": ["x"]})
    assert [figure.value for figure in again.figures if figure.name == "outside_share"] == [0.75]


def test_a_column_without_spread_says_nothing_alone() -> None:
    alone = credit_sample(data=pa.table({"x": [1.0] * 9 + [5.0]}), scores=np.full(10, 0.2), inputs=("x",), target="")
    alone = Sample.of(alone.table, alone.scores, alone.rule, name="n", digest="d", role="window", inputs=("x",))
    assert "none of the columns has numbers with a spread" in outliers.measure(alone, {}).reason
