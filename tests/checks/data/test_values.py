import numpy as np
import pyarrow as pa
import pytest

from muster.checks.data.values import sentinels, values
from muster.checks.kit import assert_lawful, credit_rows, credit_sample


def test_constants_and_sentinels_are_named_with_their_shares() -> None:
    table = credit_rows(2000)
    income, late = table["income"].to_numpy().copy(), table["late"].to_numpy().copy()
    income[:50] = 999_999
    late[50:80] = -1
    table = table.drop_columns(["income", "late"]).append_column("income", pa.array(income))
    table = table.append_column("late", pa.array(late)).append_column("country", pa.array(["US"] * 2000))
    sample = credit_sample(data=table, scores=np.full(2000, 0.2), inputs=("income", "late", "region", "country"))
    found = assert_lawful(values, {}, sample)
    figures = {(figure.name, figure.group): figure for figure in found.figures}
    assert (figures["constant_columns", ""].value, figures["constant_columns", ""].note) == (1, "country")
    assert (figures["sentinel_columns", ""].value, figures["sentinel_columns", ""].note) == (2, "income, late")
    assert figures["sentinel_share", "income=999999"].value == 50 / 2000
    assert figures["sentinel_share", "late=-1"].note == "the only negative value"
    assert figures["top_value_share", "country"].value == 1.0


def test_a_value_that_few_share_is_not_shown() -> None:
    found = values.measure(credit_sample(100), {"columns": ["income"]})
    (top,) = (figure for figure in found.figures if figure.name == "top_value_share")
    assert (top.value, top.note) == (0.01, "")


RNG = np.random.default_rng(2)


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        (np.append(RNG.integers(300, 850, 5000).astype(float), [666.0] * 400), [666.0]),
        (np.append(RNG.integers(18, 95, 5000).astype(float), [999.0] * 40), [999.0]),
        (np.append(RNG.normal(50, 5, 1000), [0.0] * 60 + [np.nan] * 5), [0.0]),
        (np.append(RNG.normal(50, 5, 1000).round(), [1e9] * 30), [1e9]),
        (np.append(RNG.integers(0, 50, 1000).astype(float), [-9.0] * 30 + [99.0] * 90), [-9.0, 99.0]),
        (RNG.integers(300, 850, 50_000).astype(float), []),
        (RNG.integers(0, 2, 1000).astype(float), []),
        (RNG.integers(-5, 5, 1000).astype(float), []),
        (RNG.poisson(3, 5000).astype(float), []),
        (RNG.lognormal(10, 2, 5000), []),
    ],
)
def test_what_is_a_sentinel_and_what_is_not(numbers: np.ndarray, expected: list[float]) -> None:
    assert [value for value, _, _ in sentinels(numbers, 10, 5.0)] == expected
