"""Tree attribution: what each factor adds to the margin of an ensemble of trees, against a background; exact."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from muster.columns.arrow import Floats, Integers
from muster.columns.explanation.paths import Paths
from muster.columns.explanation.shapley import leaf_shares
from muster.columns.forms import Trees

LARGEST_TABLE = 12
"""Leaves of at most so many players have all their patterns worked out beforehand; others are worked out row by row."""
MOST_ENTRIES = 2**24
"""Numbers in all tables together (128 MiB); leaves that come after are worked out row by row."""
AT_ONCE = 2**18
"""Entries of a pass over rows and leaves: what stays in a processor's cache."""


class TreeAttribution:
    """Exact interventional Shapley values of the margin, by player.

    The value of a set of players is the mean margin of rows that have those players' columns from the explained row and
    all others from a background row. Shares and baseline add up to the margin, but for rounding.

    Parameters
    ----------
    form
        The trees.
    players
        Shape (width,): to which player each column of the matrix belongs, counting from 0, none left out. The columns
        of one player are swapped together, so that the indicators of one category never contradict each other.
    background
        Rows of the matrix that a player's absence stands for, shape (rows, width), one at least.
    counted
        In place of rows: for each leaf the patterns of the background, and how many rows have each.

    Raises
    ------
    ValueError
        If more than 62 players stand on one path.
    """

    def __init__(
        self,
        form: Trees,
        players: Integers,
        background: Floats | None = None,
        *,
        counted: Sequence[tuple[Integers, Integers]] = (),
    ) -> None:
        self._paths: Final = Paths(form, players)
        self._count: Final = int(players.max(initial=-1)) + 1
        self.counted: Final = tuple(counted) if background is None else self._count_patterns(background)
        if len(self.counted) != len(self._paths.value):
            msg = f"patterns of {len(self.counted)} leaves were counted, the trees have {len(self._paths.value)}"
            raise ValueError(msg)
        reached = [counts[seen == 0].sum() / counts.sum() for seen, counts in self.counted]
        self.baseline: Final = float(self._paths.constant + self._paths.value @ np.array(reached, np.float64))
        self._lay_out()

    def _count_patterns(self, background: Floats) -> tuple[tuple[Integers, Integers], ...]:
        step = max(1, AT_ONCE // max(len(self._paths.value), 1))
        found = [self._paths.patterns(background[at : at + step]).T for at in range(0, len(background), step)]
        return tuple(np.unique(row, return_counts=True) for row in np.concatenate(found, axis=1))

    def _lay_out(self) -> None:
        """Work out the shares of every pattern of every small leaf, one run of a table for each of its players."""
        tables: list[Floats] = []
        slots: list[tuple[int, int, int]] = []
        self._large: list[int] = []
        at = 0
        for leaf, on_path in sorted(enumerate(self._paths.players), key=lambda item: len(item[1])):
            size = len(on_path)
            if size > LARGEST_TABLE or at + (size << size) > MOST_ENTRIES:
                self._large.append(leaf)
                continue
            shares = self._of_leaf(leaf, np.arange(2**size))
            tables.append(shares.T.ravel())
            slots += [(player, leaf, at + (place << size)) for place, player in enumerate(on_path)]
            at += size << size
        slots.sort()
        player, self._leaf, self._origin = np.array(slots, np.int64).reshape(-1, 3).T.copy()
        self._table = np.concatenate(tables) if tables else np.empty(0)
        self._starts = np.flatnonzero(np.diff(player, prepend=-1))
        self._player = player[self._starts]

    def shares(self, matrix: Floats) -> Floats:
        """Return what each player adds to the margin of each row, shape (rows, players)."""
        made = np.zeros((len(matrix), self._count))
        step = max(1, AT_ONCE // max(len(self._leaf), 1))
        for at in range(0, len(matrix), step):
            self._add(self._paths.patterns(matrix[at : at + step]), made[at : at + step])
        return made

    def _add(self, patterns: Integers, made: Floats) -> None:
        if len(self._starts):
            found = self._table.take(self._origin + patterns.take(self._leaf, axis=1))
            made[:, self._player] = np.add.reduceat(found, self._starts, axis=1)
        for leaf in self._large:
            made[:, list(self._paths.players[leaf])] += self._of_leaf(leaf, patterns[:, leaf])

    def _of_leaf(self, leaf: int, patterns: Integers) -> Floats:
        seen, counts = self.counted[leaf]
        size = len(self._paths.players[leaf])
        shares = leaf_shares(patterns.astype(np.int64), seen.astype(np.int64), counts, size)
        return np.asarray(shares * self._paths.value[leaf])
