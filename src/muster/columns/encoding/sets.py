"""Sets: columns beside those of a matrix, for trees that ask whether a category is in a set.

Each set becomes a column of its own, which is 0 where a category goes left and 1 where it goes right; what is missing
stays so. Then all splits are comparisons, and the trees are like any others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from muster.columns.encoding.steps import Step

Extra = tuple[int, tuple[Step, ...]]
"""Of which column of the matrix it is made, and how."""

BOUND: Final = 0.5
"""Threshold of a split on a set."""


class Sets:
    """Gathers the sets that trees ask for, each once.

    Parameters
    ----------
    width
        Columns that the matrix has before.
    """

    def __init__(self, width: int) -> None:
        self._width = width
        self._made: dict[Extra, int] = {}

    def asked(self, column: int, before: Sequence[Step], right: Iterable[int], *, others_right: bool) -> int:
        """Return the column that says on which side a category is.

        Parameters
        ----------
        before
            Steps from the column's number to the code of a category.
        right
            Codes that go right, or left where all ``others_right``.
        """
        named, other = (0.0, 1.0) if others_right else (1.0, 0.0)
        pairs = [number for code in sorted(right) for number in (float(code), named)]
        extra = column, (*before, Step("pick", (other, None, *pairs)))
        return self._made.setdefault(extra, self._width + len(self._made))

    @property
    def extras(self) -> tuple[Extra, ...]:
        """All of them, in the order of their columns."""
        return tuple(self._made)


def bits_of(words: Sequence[int]) -> list[int]:
    """Return the places of the bits that are set in words of 32 bits."""
    flat = np.asarray(words, np.uint64)
    return [32 * word + bit for word, held in enumerate(flat.tolist()) for bit in range(32) if held >> bit & 1]
