"""Headed attribution: shares of models with several members, carried through the head line by line.

The shares of each member are exact. Where a line adds up, scales or averages, they stay so. Where it bends one value
(a logistic function within a vote, say), the shares are scaled by how much the line's result moved for what its input
moved, both against the baseline: the rescale rule (Shrikumar et al. 2017; Chen, Lundberg and Lee 2022), which keeps
them adding up. Lines at the end that only bend are left out: whatever they do, the order of scores is that before them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from muster.columns.arrow import Floats, Integers
from muster.columns.encoding.head import OPERATIONS, Link
from muster.columns.explanation.linear import LinearAttribution
from muster.columns.explanation.trees import TreeAttribution
from muster.columns.forms import Form, Linear, Member, Members, Network, Trees

BENDING: Final = frozenset({"logistic", "softmax", "nearly-one", "clip", "interpolate"})
"""Operations of one rising line; all others are sums and scales."""

_STILL: Final = 1e-12
"""What moved less than this has no slope that floating point could tell."""


class Attributed(NamedTuple):
    """A member's attribution, which columns of the matrix it reads, and whose they are."""

    start: int
    width: int
    by: LinearAttribution | TreeAttribution
    players: Integers
    """Players of the whole matrix that the member knows as 0, 1 and so on."""


class _Line(NamedTuple):
    value: Floats
    """Of each row, shape (rows, 1), and in the first place of the baseline."""
    shares: Floats
    """Shape (rows, players)."""


class HeadAttribution:
    """What each factor adds to the score before its last bends.

    Parameters
    ----------
    members
        The attribution of each, in their order.
    head
        Lines of the plan.
    count
        How many players there are.
    """

    def __init__(self, members: Sequence[Attributed], head: Sequence[Link], count: int) -> None:
        self.members: Final = tuple(members)
        self._head: Final = trimmed(head)
        self._count: Final = count
        nobody = np.zeros((1, self._count))
        begun = [_Line(np.array([member.by.baseline]), nobody) for member in self.members]
        self._before: Final = [line.value for line in self._lines(begun, None)]
        self.baseline: Final = float(self._before[-1][0])

    def shares(self, matrix: Floats) -> Floats:
        """Return what each player adds to each row, shape (rows, players)."""
        begun = []
        for start, width, by, players in self.members:
            own = by.shares(matrix[:, start : start + width])
            made = np.zeros((len(matrix), self._count))
            made[:, players] = own
            begun.append(_Line(by.baseline + own.sum(axis=1), made))
        return self._lines(begun, self._before)[-1].shares

    def _lines(self, members: Sequence[_Line], before: Sequence[Floats] | None) -> list[_Line]:
        done: list[_Line] = []
        for number, link in enumerate(self._head):
            if link.op == "margin":
                done.append(members[int(link.numbers[0])])
                continue
            taken = [done[place] for place in link.of]
            value = OPERATIONS[link.op]([line.value for line in taken], link.numbers)
            if link.op in BENDING and before is not None:
                moved = taken[0].value - before[link.of[0]]
                far = np.abs(moved) > _STILL
                slope = np.where(far, (value - before[number]) / np.where(far, moved, 1.0), 0.0)
                done.append(_Line(value, taken[0].shares * slope[:, None]))
            else:
                done.append(_Line(value, _combined(link, [line.shares for line in taken])))
        return done


def trimmed(head: Sequence[Link]) -> tuple[Link, ...]:
    """Return a head up to the last line that does more than bend the one before it."""
    last = len(head) - 1
    while head[last].op in BENDING or (head[last].op == "mean" and len(head[last].of) == 1):
        (last,) = head[last].of
    return tuple(head[: last + 1])


def _combined(link: Link, shares: Sequence[Floats]) -> Floats:
    """Return the shares of a sum or a scale; what is added to all rows alike is nobody's share."""
    if link.op == "add":
        return shares[0]
    if link.op == "dot":
        return np.asarray(sum(part * weight for part, weight in zip(shares, link.numbers, strict=False)))
    if link.op == "mean":
        weights = np.asarray(link.numbers or [1.0] * len(shares))
        return np.asarray(sum(part * weight for part, weight in zip(shares, weights, strict=True)) / weights.sum())
    flat = [part.ravel() for part in shares]
    return OPERATIONS[link.op](flat, link.numbers).reshape(shares[0].shape)


Single = LinearAttribution | TreeAttribution
Attribution = Single | HeadAttribution


def attributed(form: Form, players: Integers, background: Floats) -> Attribution:
    """Return what attributes the margins of a form.

    Parameters
    ----------
    players
        Shape (width,): to which player each column of the matrix belongs.
    background
        Rows of the matrix that absence stands for, one at least.

    Raises
    ------
    ValueError
        Where it holds a network.
    """
    if not isinstance(form, Members):
        return _single(form, players, background)
    return HeadAttribution([_member(each, players, background) for each in form.each], form.head, count_of(players))


def own_of(start: int, width: int, players: Integers) -> tuple[Integers, Integers]:
    """Return the players of some neighbouring columns, and of each column which of these it belongs to."""
    known, own = np.unique(players[start : start + width], return_inverse=True)
    return known, own.astype(np.int64)


def count_of(players: Integers) -> int:
    """Return how many players there are."""
    return int(players.max(initial=-1)) + 1


def _member(member: Member, players: Integers, background: Floats) -> Attributed:
    start, width = member.start, member.width
    known, own = own_of(start, width, players)
    return Attributed(start, width, _single(member.form, own, background[:, start : start + width]), known)


def _single(form: Linear | Trees | Network, players: Integers, background: Floats) -> Single:
    if isinstance(form, Linear):
        return LinearAttribution(form, players, background)
    if isinstance(form, Trees):
        return TreeAttribution(form, players, background)
    msg = "no exact reasons can be worked out of a network: known are linear models and trees"
    raise ValueError(msg)
