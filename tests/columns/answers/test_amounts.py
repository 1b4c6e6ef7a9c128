import numpy as np
import pyarrow as pa
import pytest

from muster.columns.sample import Sample

TABLE = pa.table({"price": [10.0, 20.0, 30.0], "guess": [12.0, 18.0, 30.0]})


def make(predicted: object = "guess", table: pa.Table = TABLE) -> Sample:
    return Sample.of_amounts(table, predicted, target="price", name="t", digest="sha256:00", role="held-out")


def test_errors_are_predicted_less_actual() -> None:
    assert make().amounts.errors.tolist() == [2.0, -2.0, 0.0]


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_no_number_is_named_with_its_row(bad: float) -> None:
    with pytest.raises(ValueError, match=r"the prediction is (nan|inf) in row 1 \(rows count from 0; 1 such\)"):
        _ = make(np.asarray([1.0, bad, 2.0])).amounts
    table = TABLE.set_column(0, "price", pa.array([1.0, 2.0, None]))
    with pytest.raises(ValueError, match="the actual amount in column 'price' is nan in row 2"):
        _ = make(table=table).amounts


def test_checks_of_other_samples_are_told_so() -> None:
    with pytest.raises(ValueError, match="no probability of one class"):
        _ = make().favourable
    with pytest.raises(ValueError, match="no scores of several classes"):
        _ = make().classes
