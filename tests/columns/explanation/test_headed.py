"""Shares of models with several members: exact where their head adds up, and adding up where it bends."""

from __future__ import annotations

import numpy as np
import pytest
from tests.columns.explanation.models import by_definition, drawn, grown

from muster.columns.encoding.head import Link, score
from muster.columns.explanation.headed import HeadAttribution, attributed, trimmed
from muster.columns.forms import Linear, Member, Members, Network, Trees

WIDTH = 6
PLAYERS = np.array([0, 1, 2, 0, 3, 1])
RNG = np.random.default_rng(3)
FIRST = Trees(0.0, tuple(grown(RNG, WIDTH, 4) for _ in range(6)))
SECOND = Trees(-0.4, tuple(grown(RNG, 3, 3) for _ in range(4)))
LINE = Linear(RNG.normal(size=4), 0.7)
BACKGROUND, ROWS = np.nan_to_num(drawn(RNG, 25, WIDTH)), np.nan_to_num(drawn(RNG, 12, WIDTH))

MEMBERS = (Member(0, WIDTH, FIRST), Member(3, 3, SECOND), Member(1, 4, LINE))
MARGINS = tuple(Link("margin", (), (float(number),)) for number in range(3))
ADDING = {
    "an average of trees": (*MARGINS[:1], Link("divide", (0,), (6.0,))),
    "a vote": (*MARGINS, Link("mean", (0, 1, 2), (1.0, 2.0, 0.5))),
    "a plain vote": (*MARGINS, Link("negative", (1,)), Link("add", (2,), (3.0,)), Link("mean", (0, 3, 4))),
    "a stack": (*MARGINS, Link("dot", (0, 1, 2), (0.3, -2.0, 1.0, 0.7))),
    "a scale": (*MARGINS[:1], Link("multiply", (0,), (-2.0,)), Link("divide", (1,), (3.0,))),
}
ENDS = ((), (Link("logistic"),), (Link("softmax"), Link("nearly-one")), (Link("nearly-one"), Link("mean")))


def ended(head: tuple[Link, ...], ends: tuple[Link, ...]) -> tuple[Link, ...]:
    for link in ends:
        head = (*head, Link(link.op, (len(head) - 1,), link.numbers))
    return head


def headed(head: tuple[Link, ...]) -> HeadAttribution:
    made = attributed(Members(MEMBERS, head), PLAYERS, BACKGROUND)
    assert isinstance(made, HeadAttribution)
    return made


@pytest.mark.parametrize("ends", ENDS, ids=lambda ends: " ".join(link.op for link in ends))
@pytest.mark.parametrize("head", ADDING.values(), ids=ADDING)
def test_shares_are_shapley_values_of_the_score_before_the_last_bends(
    head: tuple[Link, ...], ends: tuple[Link, ...]
) -> None:
    made, plain = headed(ended(head, ends)), Members(MEMBERS, head)
    assert trimmed(ended(head, ends)) == head
    np.testing.assert_allclose(
        made.shares(ROWS), by_definition(plain.scores, PLAYERS, BACKGROUND, ROWS), rtol=0, atol=1e-12
    )
    np.testing.assert_allclose(made.baseline, plain.scores(BACKGROUND).mean(), rtol=0, atol=1e-12)


def test_where_a_line_within_bends_shares_still_add_up_to_what_the_score_moved() -> None:
    each = [Link("logistic", (number,)) for number in range(3)]
    head = (*MARGINS, *each, Link("mean", (3, 4, 5), (1.0, 1.0, 2.0)))
    made = headed(head)
    moved = score(head, Members(MEMBERS, head).margins(ROWS)) - made.baseline
    np.testing.assert_allclose(made.shares(ROWS).sum(axis=1), moved, rtol=0, atol=1e-12)
    assert np.abs(made.shares(BACKGROUND)).max() > 0.01


def test_what_did_not_move_has_no_shares() -> None:
    still = Members(
        (Member(0, 2, Linear(np.zeros(2), 0.3)),), (*MARGINS[:1], Link("logistic", (0,)), Link("add", (1,), (1.0,)))
    )
    assert not attributed(still, PLAYERS[:2], BACKGROUND[:, :2]).shares(ROWS[:, :2]).any()


def test_a_network_is_refused() -> None:
    layers = ((np.ones((2, 1)), np.zeros(1)),)
    form = Members((Member(0, 2, Network(layers, "relu")),), MARGINS[:1])
    with pytest.raises(ValueError, match="reasons can be worked out of a network"):
        attributed(form, PLAYERS[:2], BACKGROUND[:, :2])
