"""Plan: what turns raw columns into the matrix that a model was trained on, and its score into a decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from muster.records.canonical import canonical, parse
from muster.records.codec import decode, encode
from muster.records.data import Column, ColumnType
from muster.records.model import DecisionRule, Favourable

PLAN_FORMAT = 1
"""Version of the plan's JSON; a reader refuses any other."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How one column becomes columns of the matrix.

    A number x becomes ``(x - mean) / scale``, after nulls became ``fill``; where there is no fill a null stays NaN,
    which tree models read as missing. A category becomes one place for each of ``categories`` in their order, and a
    last one for null where ``null_place`` is set; a category that is none of them is all zeros.
    """

    column: Column
    fill: float | None = None
    mean: float = 0.0
    scale: float = 1.0
    categories: tuple[str, ...] = ()
    null_place: bool = False

    @property
    def width(self) -> int:
        """How many columns of the matrix it fills."""
        return len(self.categories) + self.null_place if self.column.type is ColumnType.CATEGORY else 1


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything beside the model that decides: inputs and their encoding, in matrix order, and the decision rule."""

    version: str
    """Digest of the manifest of the version that was compiled."""
    learner: str
    encodings: tuple[Encoding, ...]
    decision: DecisionRule
    format: int = PLAN_FORMAT

    @property
    def columns(self) -> tuple[Column, ...]:
        """The input columns, in matrix order."""
        return tuple(encoding.column for encoding in self.encodings)

    @property
    def width(self) -> int:
        """Number of columns of the matrix."""
        return sum(encoding.width for encoding in self.encodings)

    def to_bytes(self) -> bytes:
        """Write the plan as canonical JSON; every float keeps its exact value."""
        return canonical(encode(self))

    @classmethod
    def from_bytes(cls, raw: bytes) -> Plan:
        """Read a plan; raise ValueError where it is not one, or one of another format."""
        fields: Any = parse(raw)
        if not isinstance(fields, dict) or fields.get("format") != PLAN_FORMAT:
            msg = f"not a plan of format {PLAN_FORMAT}: compile the version again with this release of muster"
            raise ValueError(msg)
        return decode(cls, fields)


def favourable(scores: NDArray[np.float64], rule: DecisionRule) -> NDArray[np.bool_]:
    """Return for each score whether the decision favours the person; raise ValueError where a score is NaN."""
    if np.isnan(scores).any():
        msg = f"score of row {int(np.isnan(scores).argmax())} is not a number: no decision can rest on it"
        raise ValueError(msg)
    if rule.favourable is Favourable.BELOW:
        return scores < rule.threshold
    return scores >= rule.threshold
