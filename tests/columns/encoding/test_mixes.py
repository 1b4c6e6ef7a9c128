"""Mixes give a row the same bits whatever stands beside it, and refuse what is no number."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from muster.columns.encoding.mixes import Blender, Mix, Output
from muster.columns.encoding.steps import Step

WIDTH = 7
NUMBERS = np.random.default_rng(2).normal(size=(WIDTH + 1, 3))


def _mixes() -> tuple[Mix, ...]:
    of = tuple(range(WIDTH))
    return (
        Mix("project", of, tuple(NUMBERS.ravel()), tuple(Output(WIDTH + at, at) for at in range(3))),
        Mix("products", (7, 8), (3.0, 2.0, 2.0, 2.0, 1.0, 0.0, 0.0), (Output(10, 0), Output(11, 1))),
        Mix("share", of, (2.0,), (Output(12, 4, (Step("multiply", (2.0,)),)),)),
        Mix("project", of, tuple(NUMBERS[:, 0]), (Output(13, 0),)),
    )


@given(arrays(np.float64, st.tuples(st.integers(1, 40), st.just(WIDTH)), elements=st.floats(-1e6, 1e6)))
def test_a_row_gives_the_same_bits_alone_and_in_a_batch(rows: np.ndarray) -> None:
    blender, together = Blender(_mixes(), 14), np.zeros((len(rows), 14))
    together[:, :WIDTH] = rows
    alone = [together[at : at + 1].copy() for at in range(len(rows))]
    blender.blend(together)
    for row in alone:
        blender.blend(row)
    assert np.concatenate(alone).tobytes() == together.tobytes()


def test_results_are_what_the_words_say() -> None:
    matrix = np.zeros((1, 14))
    matrix[0, :WIDTH] = np.arange(1.0, 8.0)
    Blender(_mixes(), 14).blend(matrix)
    made = matrix[0, :WIDTH] @ NUMBERS[:-1] - NUMBERS[-1]
    np.testing.assert_allclose(matrix[0, 7:10], made, rtol=1e-12)
    np.testing.assert_allclose(matrix[0, 10:12], [1.0, made[1] * made[0] ** 2], rtol=1e-12)
    assert matrix[0, 12] == pytest.approx(2 * 5.0 / np.linalg.norm(np.arange(1.0, 8.0)))


def test_sums_that_are_too_large_are_refused_with_their_row() -> None:
    matrix = np.zeros((3, 14))
    matrix[2, :WIDTH] = 1e308
    with pytest.raises(ValueError, match="too large") as caught:
        Blender(_mixes(), 14).blend(matrix)
    assert caught.value.args[1] == 2


@pytest.mark.parametrize(
    "mix",
    [Mix("execute", (0,), (), (Output(1, 0),)), Mix("share", (5,), (1.0,), (Output(1, 0),)),
     Mix("share", (0,), (1.0,), ()), Mix("share", (0,), (1.0,), (Output(1, 0, (Step("strange"),)),))],
)  # fmt: skip
def test_what_muster_never_writes_is_refused(mix: Mix) -> None:
    with pytest.raises(ValueError, match=r"compile the version again|does not know"):
        Blender((mix,), 3)
