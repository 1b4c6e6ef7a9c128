from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa
import pytest

from muster.columns.statistics.moments import moments, written

DAY = 86_400.0


@pytest.mark.parametrize(
    "column",
    [
        pa.array([date(1970, 1, 2), None, date(1969, 12, 31)]),
        pa.array([datetime(1970, 1, 2), None, datetime(1969, 12, 31)], pa.timestamp("ns")),  # noqa: DTZ001 - no zone
        pa.array([datetime(1970, 1, 2, tzinfo=UTC), None, datetime(1969, 12, 31, tzinfo=UTC)]),
        pa.array(["1970-01-02", None, "1969-12-31T00:00:00"]),
    ],
)
def test_dates_of_every_sort_become_seconds(column: pa.Array) -> None:
    table = pa.table({"when": column})
    np.testing.assert_array_equal(moments(table, "when"), [DAY, np.nan, -DAY])
    assert written(table, "when", 0) == "1970-01-02"


def test_numbers_stay_and_other_text_names_the_row() -> None:
    years = pa.table({"when": [2015, 2016]})
    np.testing.assert_array_equal(moments(years, "when"), [2015.0, 2016.0])
    assert written(years, "when", 1) == "2016"
    with pytest.raises(ValueError, match="column 'when' is no date in row 1"):
        moments(pa.table({"when": ["2015-01-01", "spring"]}), "when")
    with pytest.raises(ValueError, match="holds a date that is none"):
        moments(pa.table({"when": ["2015-13-01"]}), "when")
