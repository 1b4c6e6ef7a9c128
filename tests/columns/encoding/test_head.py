"""A head works its lines off in order, and one that could not be is refused before anything is loaded."""

from __future__ import annotations

import numpy as np
import pytest

from muster.columns.encoding.head import MANY, PLAIN, Link, logistic, require_sound, score

MARGINS = np.array([[0.0, 2.0], [1.0, -800.0]])
BOTH = (Link("margin", (), (0.0,)), Link("margin", (), (1.0,)))


def test_members_are_averaged_with_and_without_weights() -> None:
    assert score((*BOTH, Link("mean", (0, 1))), MARGINS).tolist() == [1.0, -399.5]
    assert score((*BOTH, Link("mean", (0, 1), (3.0, 1.0))), MARGINS).tolist() == [0.5, -199.25]


def test_each_operation_does_what_it_says() -> None:
    first = BOTH[:1]
    found = [
        score((*first, Link(op, (0,), numbers)), MARGINS).tolist()
        for op, numbers in [
            ("negative", ()), ("add", (1.0,)), ("multiply", (2.0,)), ("divide", (2.0,)), ("clip", (0.5, 2.0)),
            ("interpolate", (0.0, 1.0, 0.25, 0.75)), ("interpolate", (4.0, 0.5)), ("dot", (2.0, 1.0)),
        ]
    ]  # fmt: skip
    assert found == [
        [-0.0, -1.0], [1.0, 2.0], [0.0, 2.0], [0.0, 0.5], [0.5, 1.0], [0.25, 0.75], [0.5, 0.5], [1.0, 3.0],
    ]  # fmt: skip
    near = np.array([[1.0 + 1e-9], [1.1]])
    assert score((*first, Link("nearly-one", (0,))), near).tolist() == [1.0, 1.1]


def test_the_logistic_function_ends_at_zero_and_one() -> None:
    assert logistic(np.array([-800.0, 0.0, 800.0])).tolist() == [0.0, 0.5, 1.0]


@pytest.mark.parametrize(
    "head",
    [
        (Link("conjure", (0,)),),
        (Link("margin", (), (2.0,)),),
        (Link("margin"),),
        (BOTH[0], Link("negative", (1,))),
        (BOTH[0], Link("negative", (-1,))),
        (BOTH[0], Link("mean")),
    ],
)
def test_a_head_that_muster_does_not_write_is_refused(head: tuple[Link, ...]) -> None:
    require_sound(BOTH, 2)
    with pytest.raises(ValueError, match="none that muster writes"):
        require_sound(head, 2)


def test_many_rows_are_given_the_bits_that_few_are() -> None:
    margins = np.random.default_rng(0).normal(0.0, 30.0, 3 * MANY).clip(-PLAIN + 1, PLAIN - 1)
    few = np.concatenate([logistic(margins[at : at + 1_000]) for at in range(0, len(margins), 1_000)])
    assert logistic(margins).tobytes() == few.tobytes()
    odd = np.concatenate([margins, [800.0, -800.0, np.nan]])
    assert logistic(odd)[-3:].tobytes() == logistic(odd[-3:]).tobytes()
