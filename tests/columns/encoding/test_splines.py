"""Splines are scikit-learn's to the last bit, within the knots and beyond them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.columns.encoding.splines import Beyond, splines

KNOTS = (-3.0, -2.0, -1.0, 0.0, 1.0, 2.5, 4.0, 5.0, 6.0)  # of degree 2: the data lie between -1 and 4
HEAD = (2.0, 6.0, 1.0)
VALUES = np.array([[-1.0], [0.3], [2.5], [4.0], [np.nan]])


def test_a_basis_adds_up_to_one_and_what_is_missing_is_nowhere() -> None:
    made = splines(VALUES, np.array([Beyond.CONTINUE, *HEAD, *KNOTS]))
    np.testing.assert_allclose(made.sum(axis=1), [1, 1, 1, 1, 0], atol=1e-15)
    assert (made >= 0).all()


@pytest.mark.parametrize(
    ("beyond", "nullable", "value", "what"),
    [(Beyond.ERROR, 1.0, 4.5, "beyond those"), (Beyond.CONTINUE, 0.0, np.nan, "no value")],
)
def test_what_scikit_learn_refuses_is_refused_with_its_row(
    beyond: Beyond, nullable: float, value: float, what: str
) -> None:
    with pytest.raises(ValueError, match=what) as caught:
        splines(np.array([[0.0], [value]]), np.array([beyond, 2.0, 6.0, nullable, *KNOTS]))
    assert caught.value.args[1] == 1


def test_ends_go_on_along_their_lines_and_level_ones_stay() -> None:
    low, slope = np.arange(6.0), np.array([1.0, 0.0, 0.0, 0.0, 0.0, 0.0])
    numbers = np.array([Beyond.STRAIGHT, *HEAD, *KNOTS, *low, *slope, *low, *(0.0 * slope)])
    made = splines(np.array([[-3.0], [1e308]]), numbers)
    np.testing.assert_array_equal(made[0], low - 2 * slope)
    np.testing.assert_array_equal(made[1], low)


def test_periods_begin_anew() -> None:
    numbers = np.array([Beyond.PERIODIC, 2.0, 4.0, 1.0, *KNOTS])
    np.testing.assert_allclose(
        splines(np.array([[0.25], [1.5]]), numbers), splines(np.array([[5.25], [-3.5]]), numbers), atol=1e-15
    )


@given(st.lists(st.floats(-1.5, 4.5), min_size=1, max_size=20), st.sampled_from([Beyond.CONTINUE, Beyond.PERIODIC]))
def test_a_number_has_the_same_bits_alone_and_among_others(values: list[float], beyond: Beyond) -> None:
    rows = np.array(values)[:, None]
    numbers = np.array([beyond, 2.0, 6.0 if beyond is Beyond.CONTINUE else 4.0, 1.0, *KNOTS])
    alone = np.concatenate([splines(row[None], numbers) for row in rows])
    assert alone.tobytes() == splines(rows, numbers).tobytes()
