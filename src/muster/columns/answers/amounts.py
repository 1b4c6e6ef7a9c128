"""Answers of a regression: predicted amounts beside the actual ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from muster.columns.arrow import Floats, first, floats


@dataclass(frozen=True, slots=True)
class Amounts:
    """Predicted and actual amounts, both of shape (rows,), in the unit of the target."""

    predicted: Floats
    actual: Floats

    @property
    def errors(self) -> Floats:
        """Predicted less actual: positive where the model says too much."""
        return self.predicted - self.actual


@dataclass(frozen=True, slots=True)
class RawAmounts:
    """Predictions as they were handed over; :meth:`sound` looks at them."""

    predicted: Floats

    def sound(self, table: pa.Table, target: str) -> Amounts:
        """Return predictions with actual amounts; raise ValueError naming the first row where one is no number."""
        actual = floats(table, target)
        for values, what in ((self.predicted, "prediction"), (actual, f"actual amount in column {target!r}")):
            wrong = ~np.isfinite(values)
            if wrong.any():
                row = first(wrong)
                msg = (
                    f"the {what} is {values[row]:g} in row {row} (rows count from 0; {np.count_nonzero(wrong)} such): "
                    "measure on the rows where both are known"
                )
                raise ValueError(msg)
        return Amounts(self.predicted, actual)
