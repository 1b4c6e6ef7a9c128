"""Predictor: a loaded model that turns encoded columns into scores; or one that answers elsewhere."""

from __future__ import annotations

from typing import Any, Protocol


class Predictor(Protocol):
    """Scores rows. Built from the very bytes whose digest was verified."""

    def scores(self, matrix: Any) -> Any:
        """Return one float64 score a row of a float64 matrix of shape (rows, inputs), C order."""
        ...


class Remote(Protocol):
    """A model behind an endpoint: it is sent data and answers data, and nothing of it runs here."""

    def describe(self) -> bytes:
        """Return what the endpoint says of the model, as canonical JSON.

        Raises ConnectionError where it cannot be reached, ValueError where the model does not fit what was declared.
        """
        ...

    def probabilities(self, table: Any) -> Any:
        """Return one float64 P(positive) a row of an Arrow table that holds the declared inputs.

        Raises ConnectionError where the endpoint cannot be reached, ValueError where it does not score the rows.
        """
        ...
