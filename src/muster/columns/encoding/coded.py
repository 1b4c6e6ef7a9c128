"""Coded: a column of categories as a file has it: each different text once, and one number a row.

What is true of a text is worked out once, however many rows hold it: a million rows of five categories cost five looks
into a table, and one indexing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Coded:
    """A column of categories."""

    names: tuple[Any, ...]
    """What rows may hold: texts, and None for what is missing; not every one needs to occur."""
    codes: NDArray[np.int32]
    """Which of the names each row holds, shape (rows,)."""

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.codes)

    @overload
    def __getitem__(self, rows: int) -> Any: ...

    @overload
    def __getitem__(self, rows: slice | NDArray[Any]) -> Coded: ...

    def __getitem__(self, rows: Any) -> Any:
        """Return what one row holds, or a column of some of the rows."""
        found = self.codes[rows]
        return Coded(self.names, found) if isinstance(found, np.ndarray) else self.names[found]

    def tolist(self) -> list[Any]:
        """Return one value a row."""
        return list(self.texts().tolist())

    def texts(self) -> NDArray[np.object_]:
        """Return one value a row, as objects."""
        table = np.empty(len(self.names), object)
        table[:] = self.names
        return table[self.codes]

    def holding(self, names: Collection[Any]) -> NDArray[np.bool_]:
        """Tell which rows hold one of these."""
        return np.array([name in names for name in self.names], np.bool_)[self.codes]
