"""Encoded row: one row of any model, checked and encoded as floats, then scored as a matrix of one row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from muster.columns.row.limits import Limits, Values, Within


class Encodes(Protocol):
    """An encoder of columns that can take a row by itself."""

    def row(self, values: Values) -> list[float] | None:
        """Encode one row as among others; None where only the way of many rows knows what becomes of it."""
        ...


class EncodedRow:
    """Scores plain rows one at a time, of models that know no shorter way.

    Parameters
    ----------
    names
        Of the inputs, in the order in which a row's values come.
    encoder, scores
        Encode a row, and score a matrix.
    limits
        What is plain.
    """

    def __init__(
        self,
        names: Sequence[str],
        encoder: Encodes,
        scores: Callable[[NDArray[np.float64]], NDArray[np.float64]],
        limits: Limits,
    ) -> None:
        self._keeps: Final = Within(names, limits)
        self._row: Final = encoder.row
        self._scores: Final = scores

    def score(self, values: Values) -> float | None:
        """Return the score; None or TypeError where the row is not plain."""
        if not self._keeps(values) or (row := self._row(values)) is None:
            return None
        found: float = self._scores(np.array([row]))[0].item()
        return found
