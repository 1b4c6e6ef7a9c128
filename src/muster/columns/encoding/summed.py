"""Summed: a linear model's margins, with the same bits alone, in a batch, and on every machine.

Products are rounded, then added column by column, then the intercept. Libraries of linear algebra fuse both and add in
an order that depends on the number of rows and on the processor, so that a row's last bits depend on its neighbours.
One row is a loop over floats, because a matrix of one row costs a hundred times what is computed in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from muster.columns.encoding.wire import fields, sized

_DOUBLE: Final = 11
"""Type of a tensor of doubles."""

_NODES: Final = (
    (b"MatMul", (b"matrix", b"weights"), (b"product",)),
    (b"Add", (b"product", b"intercept"), (b"margin",)),
)
"""What the compiler writes for a linear model: operator, inputs, outputs."""


class Summed:
    """Margin = sum of column times weight, in the order of the columns, and the intercept.

    Parameters
    ----------
    weights
        Shape (width,).
    intercept
        Added last.
    """

    def __init__(self, weights: NDArray[np.float64], intercept: float) -> None:
        self._weights: Final = np.ascontiguousarray(weights, np.float64)
        self._listed: Final[list[float]] = self._weights.tolist()
        self._intercept: Final = float(intercept)

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self._listed)

    @property
    def parts(self) -> tuple[list[float], float]:
        """Weights and intercept."""
        return self._listed, self._intercept

    def margin(self, row: Sequence[float]) -> float:
        """Return the margin of one row."""
        total = 0.0
        for value, weight in zip(row, self._listed, strict=True):
            total += value * weight
        return total + self._intercept

    def margins(self, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the margins of a matrix of shape (rows, width), as shape (rows, 1)."""
        if len(matrix) == 1:  # numpy would add in pairs
            return np.array([[self.margin(matrix[0].tolist())]])
        products = np.multiply(matrix.T, self._weights[:, None], order="C")
        total = np.zeros(len(matrix)) if not len(products) else np.add.reduce(products, axis=0)
        total += self._intercept
        return total[:, None]

    @classmethod
    def read(cls, buffer: bytes) -> Summed | None:
        """Return the linear model that an ONNX file holds; None where it holds any other, or is none."""
        try:
            return cls._read(buffer)
        except (IndexError, TypeError, ValueError):
            return None

    @classmethod
    def _read(cls, buffer: bytes) -> Summed | None:
        """Read as :func:`muster.columns.compiler.compile_served` writes; field numbers are those of ``onnx.proto``."""
        (graph,) = (part for number, part in sized(memoryview(buffer)) if number == 7)
        parts = list(sized(graph))
        nodes = tuple(_node(part) for number, part in parts if number == 1)
        found = [_tensor(part) for number, part in parts if number == 5]
        tensors = dict(found)
        if nodes != _NODES or len(found) != 2 or tensors.keys() != {b"weights", b"intercept"}:
            return None
        weights, intercept = tensors[b"weights"], tensors[b"intercept"]
        return cls(weights, intercept.item())


def _node(part: memoryview) -> tuple[bytes, tuple[bytes, ...], tuple[bytes, ...]]:
    held = list(sized(part))
    named = {number: tuple(bytes(value) for place, value in held if place == number) for number in (1, 2, 4, 5, 7)}
    (operator,) = named[4]
    if named[5] or named[7]:  # attributes, or a domain of its own: not what is read here
        raise ValueError
    return operator, named[1], named[2]


def _tensor(part: memoryview) -> tuple[bytes, NDArray[np.float64]]:
    held = dict(fields(part))
    if held.get(2) != _DOUBLE or not isinstance(held.get(9), memoryview) or not isinstance(held.get(8), memoryview):
        raise ValueError
    return bytes(held[8]), np.frombuffer(held[9], "<f8")
