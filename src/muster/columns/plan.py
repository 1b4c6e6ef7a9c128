"""Plan: what turns raw columns into the matrix that a model was trained on, and its score into a decision."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from muster.columns.encoding.head import Link
from muster.columns.encoding.mixes import Mix
from muster.columns.encoding.steps import Place
from muster.records.canonical import canonical, parse
from muster.records.codec import ADDED, decode, encode
from muster.records.data import Column, ColumnType
from muster.records.model import DecisionRule, Favourable

PLAN_FORMAT = 1
"""Version of the plan's JSON where every column is scaled or spread out, and the score is a logistic function."""

PLACED_FORMAT = 2
"""Version of the plan's JSON that says how each place of the matrix is made, and the score of the margins."""

MIXED_FORMAT = 3
"""Version of the plan's JSON where columns of the matrix are made of several others."""

FORMATS = (PLAN_FORMAT, PLACED_FORMAT, MIXED_FORMAT)
"""What is read; the first is read for ever. A reader refuses any other."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How one column becomes columns of the matrix.

    A number x becomes ``(x - mean) / scale``, after nulls became ``fill``; where there is no fill a null stays NaN,
    which tree models read as missing. A category becomes one place for each of ``categories`` in their order, and a
    last one for null where ``null_place`` is set; a category that is none of them is all zeros.

    Where there are ``places``, they alone say what becomes of the column, and ``categories`` names the ranks that they
    start from; ``null_place`` and ``closed`` then say whether null and unknown categories can be encoded at all.
    """

    column: Column
    fill: float | None = None
    mean: float = 0.0
    scale: float = 1.0
    categories: tuple[str, ...] = ()
    null_place: bool = False
    places: tuple[Place, ...] = field(default=(), metadata=ADDED)
    closed: bool = field(default=False, metadata=ADDED)
    """Whether the model itself refuses a category that is none of these, whatever a policy says."""

    unread: bool = field(default=False, metadata=ADDED)
    """Whether the model takes the column and leaves it aside."""

    @property
    def width(self) -> int:
        """How many columns of the matrix it fills."""
        if self.places or self.unread:
            return len(self.places)
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
    head: tuple[Link, ...] = field(default=(), metadata=ADDED)
    """How margins become the score; empty: the logistic function of the only one."""
    mixes: tuple[Mix, ...] = field(default=(), metadata=ADDED)
    """What is made of several columns of the matrix once every input is encoded."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """The input columns, in matrix order."""
        return tuple(encoding.column for encoding in self.encodings)

    @property
    def width(self) -> int:
        """Number of columns of the matrix."""
        return self.encoded + sum(len(mix.outputs) for mix in self.mixes)

    @property
    def encoded(self) -> int:
        """How many columns of the matrix are made of one input each, by its encoding."""
        return sum(encoding.width for encoding in self.encodings)

    @property
    def owners(self) -> NDArray[np.intp]:
        """Which encoding fills each column of the matrix, shape (width,); -1: it is made of several inputs."""
        return np.array([next(iter(each)) if len(each) == 1 else -1 for each in self.sources], np.intp)

    @property
    def sources(self) -> tuple[frozenset[int], ...]:
        """Of which encodings each column of the matrix is made, by their number."""
        found: list[frozenset[int]] = [frozenset()] * self.width
        for number, (encoding, start) in enumerate(self._starts()):
            for at in encoding_places(encoding, start):
                found[at] = frozenset((number,))
        for mix in self.mixes:
            together = frozenset(number for at in mix.of for number in found[at])
            for output in mix.outputs:
                found[output.at] = together
        return tuple(found)

    def _starts(self) -> list[tuple[Encoding, int]]:
        widths = [encoding.width for encoding in self.encodings]
        return list(zip(self.encodings, (int(end) for end in np.cumsum([0, *widths])), strict=False))

    def to_bytes(self) -> bytes:
        """Write the plan as canonical JSON; every float keeps its exact value."""
        return canonical(encode(self))

    @classmethod
    def from_bytes(cls, raw: bytes) -> Plan:
        """Read a plan; raise ValueError where it is not one, or one of another format."""
        fields: Any = parse(raw)
        if not isinstance(fields, dict) or fields.get("format") not in FORMATS:
            msg = f"not a plan of format {PLAN_FORMAT} to {MIXED_FORMAT}: compile the version again with this release"
            raise ValueError(msg)
        return decode(cls, fields)


def encoding_places(encoding: Encoding, start: int) -> tuple[int, ...]:
    """Return the columns of the matrix that an encoding fills; ``start`` is where it begins if it does not say."""
    if encoding.places:
        return tuple(place.at for place in encoding.places)
    return tuple(range(start, start + encoding.width))


def alone(encoding: Encoding) -> Encoding:
    """Return an encoding whose matrix has no columns but its own."""
    return replace(encoding, places=tuple(replace(place, at=at) for at, place in enumerate(encoding.places)))


def each_favourable(scores: list[float], rule: DecisionRule) -> list[bool | None]:
    """Return the same as :func:`favourable` of a list; of one score, for an array of it costs more than the model."""
    if len(scores) == 1 and (score := scores[0]) == score:
        return [score < rule.threshold if rule.favourable is Favourable.BELOW else score >= rule.threshold]
    return favourable(np.asarray(scores, np.float64), rule).tolist()  # type: ignore[no-any-return]


def favourable(scores: NDArray[np.float64], rule: DecisionRule) -> NDArray[np.bool_]:
    """Return for each score whether the decision favours the person; raise ValueError where a score is NaN."""
    if np.isnan(scores).any():
        msg = f"score of row {int(np.isnan(scores).argmax())} is not a number: no decision can rest on it"
        raise ValueError(msg)
    if rule.favourable is Favourable.BELOW:
        return scores < rule.threshold
    return scores >= rule.threshold
