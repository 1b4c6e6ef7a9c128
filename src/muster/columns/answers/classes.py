"""Answers of a classifier of more than two classes: a probability for every class, and the class that came true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from muster.columns.arrow import Floats, column_of, first, missing, places_of, texts

NEAR_ONE = 1e-6
"""How far the probabilities of a row may add up from 1: single precision gives about so much."""


@dataclass(frozen=True, slots=True)
class Classes:
    """Probabilities of each class and the true class of each row."""

    names: tuple[str, ...]
    scores: Floats
    """Shape (rows, classes), rows add up to 1."""
    codes: NDArray[np.int32]
    """Place of the true class in ``names``, shape (rows,)."""

    @property
    def predicted(self) -> NDArray[np.int64]:
        """Place of the class with the highest probability, shape (rows,); the first of equals, as in scikit-learn."""
        return np.asarray(self.scores.argmax(axis=1), dtype=np.int64)


@dataclass(frozen=True, slots=True)
class RawClasses:
    """Answers as they were handed over; :meth:`sound` looks at them."""

    names: tuple[str, ...]
    scores: Floats

    @classmethod
    def of(cls, table: pa.Table, names: Sequence[str], scores: Any) -> RawClasses:
        """Put class names and scores together.

        Parameters
        ----------
        names
            The classes, as text of the values that the target column holds.
        scores
            An array of shape (rows, classes), or the names of as many columns of the table.

        Raises
        ------
        ValueError
            If the shapes do not fit, a class is named twice, or there are fewer than two.
        """
        if len(set(names)) != len(names) or len(names) < 2:
            msg = f"two or more different classes are needed, got {list(names)}"
            raise ValueError(msg)
        matrix = _matrix(table, scores)
        if matrix.shape != (table.num_rows, len(names)):
            msg = f"scores have shape {matrix.shape}, {(table.num_rows, len(names))} is needed: a column for each class"
            raise ValueError(msg)
        return cls(tuple(names), matrix)

    def sound(self, table: pa.Table, target: str) -> Classes:
        """Return answers with their labels; raise ValueError naming the first row in which something is wrong."""
        wrong = ~((self.scores >= 0.0) & (self.scores <= 1.0)).all(axis=1)
        _refuse(wrong, "has a score that is not within 0 and 1")
        _refuse(np.abs(self.scores.sum(axis=1) - 1.0) > NEAR_ONE, "has scores that do not add up to 1")
        _refuse(missing(table, target), f"has no label in column {target!r}")
        codes = places_of(texts(table, target), self.names)
        _refuse(
            codes == len(self.names),
            f"has a label in column {target!r} that is none of {', '.join(self.names)}",
        )
        if np.count_nonzero(np.bincount(codes, minlength=1)) < 2:
            msg = f"label column {target!r} is constant: there is nothing to tell apart"
            raise ValueError(msg)
        return Classes(self.names, self.scores, codes)


def _matrix(table: pa.Table, scores: Any) -> Floats:
    if isinstance(scores, (list, tuple)) and scores and all(isinstance(name, str) for name in scores):
        scores = np.column_stack([column_of(table, name).to_numpy() for name in scores])
    return np.asarray(scores, dtype=np.float64)


def _refuse(wrong: Any, what: str) -> None:
    if wrong.any():
        msg = f"row {first(wrong)} {what} (rows count from 0; {np.count_nonzero(wrong)} such)"
        raise ValueError(msg)
