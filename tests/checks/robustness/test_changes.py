import numpy as np
import pyarrow as pa
import pytest

from muster.checks.robustness.changes import TYPOS, Change, apply, spread

TABLE = pa.table({"x": [1.0, 2.0, None, 4.0], "n": [1, 2, 3, 4], "c": ["on", None, "on", "z"]})


def changed(column: str, operation: str, amount: object, share: float = 1.0) -> list:
    return apply(TABLE, [Change(column, operation, amount, share)])[column].to_pylist()


def test_each_operation_does_what_it_says() -> None:
    assert changed("x", "multiply", 10) == [10.0, 20.0, None, 40.0]
    assert changed("n", "multiply", 0.5) == [0.5, 1.0, 1.5, 2.0]
    assert changed("x", "add", -1) == [0.0, 1.0, None, 3.0]
    assert changed("n", "set", 7) == [7.0] * 4
    assert changed("c", "set", "q") == ["q"] * 4
    assert changed("n", "missing", 1.0) == [None] * 4
    assert changed("c", "missing", 0.0) == ["on", None, "on", "z"]
    assert sorted(changed("n", "shuffle", None)) == [1, 2, 3, 4]
    assert changed("c", "typo", "swapped letters") == ["no", None, "no", "zz"]
    assert changed("c", "typo", "other case") == ["ON", None, "ON", "Z"]
    assert set(TYPOS) == {"swapped letters", "lost letter", "other case", "space"}


def test_noise_has_the_size_asked_for_and_keeps_whole_numbers_whole() -> None:
    rng = np.random.default_rng(1)
    table = pa.table({"x": rng.normal(0, 5, 20_000), "n": rng.integers(0, 100, 20_000)})
    noisy = apply(table, [Change("x", "noise", 0.1), Change("n", "noise", 0.5)])
    apart = noisy["x"].to_numpy() - table["x"].to_numpy()
    assert apart.std() == pytest.approx(0.5, rel=0.03)
    assert (noisy["n"].to_numpy() % 1 == 0).all()
    assert apply(table, [Change("x", "noise", 0.1)])["x"].equals(noisy["x"])


def test_a_share_of_rows_is_changed_and_the_rest_left() -> None:
    table = pa.table({"n": [1] * 10_000, "c": ["a"] * 10_000})
    half = apply(table, [Change("n", "multiply", 3, 0.5), Change("c", "typo", "space", 0.1)])
    assert set(half["n"].to_pylist()) == {1.0, 3.0}
    assert np.mean(half["n"].to_numpy() == 3.0) == pytest.approx(0.5, abs=0.03)
    assert half["c"].to_pylist().count("a ") == pytest.approx(1000, abs=150)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (Change("x", "divide", 2), "there is no change 'divide'; there are multiply, add"),
        (Change("y", "add", 2), "there is no column 'y'"),
        (Change("x", "add", "2"), "change add needs a number, got '2'"),
        (Change("x", "multiply", float("inf")), "change multiply needs a number"),
        (Change("c", "noise", 0.1), "column 'c' holds string"),
        (Change("c", "typo", "upside down"), "there is no typo 'upside down'"),
    ],
)
def test_what_cannot_be_done_is_said(change: Change, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        apply(TABLE, [change])


def test_spread_is_robust_and_never_fails() -> None:
    values = np.append(np.random.default_rng(2).normal(0, 3, 50_000), [1e12, np.nan])
    assert spread(values) == pytest.approx(3, rel=0.03)
    assert spread(np.array([5.0, 5.0, 5.0, 5.0, 9.0])) == pytest.approx(1.6)
    assert spread(np.array([5.0, 5.0])) == spread(np.array([np.nan])) == 0.0
