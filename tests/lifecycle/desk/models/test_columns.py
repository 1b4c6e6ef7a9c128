import pytest
from tests.walk import INPUTS, Walked

from muster.lifecycle.desk.models.columns import (
    envelope,
    input_columns,
    require_positive,
    require_thresholds,
    training_data,
)


def test_columns_come_from_the_training_rows_with_their_ranges(walked: Walked) -> None:
    data = training_data(walked.context(), walked.parts["training"])
    columns = input_columns(data, INPUTS, "default-payment-next-month")
    assert [column.name for column in columns] == list(INPUTS)
    limit = envelope(columns, walked.house.blobs.get(data.digest))[0]
    assert limit.minimum is not None
    assert limit.maximum is not None
    assert 10_000 <= limit.minimum < limit.maximum <= 1_000_000


def test_other_rows_and_columns_are_refused(walked: Walked) -> None:
    with pytest.raises(ValueError, match="role held-out"):
        training_data(walked.context(), walked.parts["held-out"])
    data = training_data(walked.context(), walked.parts["training"])
    with pytest.raises(ValueError, match="has no column SHOE"):
        input_columns(data, ("SHOE",), "default-payment-next-month")
    with pytest.raises(ValueError, match="told the answer"):
        input_columns(data, ("SEX",), "SEX")


def test_a_threshold_is_a_probability() -> None:
    require_thresholds(0.0, 0.5, 1.0)
    for wrong in (-0.1, 1.5, float("nan")):
        with pytest.raises(ValueError, match="must be from 0 to 1"):
            require_thresholds(0.5, wrong)


def test_a_positive_value_occurs_where_the_model_was_trained(walked: Walked) -> None:
    data = training_data(walked.context(), walked.parts["training"])
    rows = walked.house.blobs.get(data.digest)
    require_positive(data, rows, "default-payment-next-month", 1)
    with pytest.raises(ValueError, match="no row of dataset .* has 7 as default-payment-next-month"):
        require_positive(data, rows, "default-payment-next-month", 7)
