"""Linear row: the margin of one row of a linear model, added up while its values are looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from muster.columns.encoding.head import logistic_of
from muster.columns.plan import Encoding
from muster.columns.row.limits import Limits, Scaled, Values, is_number, scaled, spread

_Table = dict[str | None, float]


class LinearRow:
    """Scores plain rows one at a time; the sum is that of :class:`muster.columns.encoding.summed.Summed`, less zeros.

    Parameters
    ----------
    encodings, weights, intercept
        Of the model, in matrix order.
    limits
        What is plain.

    Raises
    ------
    ValueError
        If more is made of a column than a number, or one place a category.
    """

    def __init__(
        self, encodings: Sequence[Encoding], weights: Sequence[float], intercept: float, limits: Limits
    ) -> None:
        self._intercept: Final = float(intercept)
        self._steps: Final[list[tuple[int, _Table | None, Scaled | None, float]]] = []
        place = 0
        for at, encoding in enumerate(encodings):
            if is_number(encoding):
                self._steps.append((at, None, scaled(encoding, at, limits), float(weights[place])))
            else:
                ranks = spread(encoding, limits)
                table = {name: float(weights[place + rank]) if rank >= 0 else 0.0 for name, rank in ranks.items()}
                self._steps.append((at, table, None, 0.0))
            place += encoding.width

    def score(self, values: Values) -> float | None:
        """Return the score; None, KeyError or TypeError where the row is not plain."""
        total = 0.0
        for at, table, number, weight in self._steps:
            value = values[at]
            if number is None:
                total += table[value]  # type: ignore[index] # KeyError: not plain
                continue
            _, low, high, mean, scale, gone = number
            kind = type(value)
            if (kind is float or kind is int) and low <= value <= high:  # type: ignore[operator]
                total += (value - mean) / scale * weight  # type: ignore[operator]
            elif value is None and gone is not None:
                total += gone * weight
            else:
                return None
        return logistic_of(total + self._intercept)
