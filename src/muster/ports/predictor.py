"""Predictor: a loaded model that turns encoded columns into scores."""

from __future__ import annotations

from typing import Any, Protocol


class Predictor(Protocol):
    """Scores rows. Built from the very bytes whose digest was verified."""

    def scores(self, matrix: Any) -> Any:
        """Return one float64 score a row of a float64 matrix of shape (rows, inputs), C order."""
        ...
