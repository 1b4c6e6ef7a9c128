"""Mixing encoder: an encoder of a plan whose matrix has columns that are made of several inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from muster.columns.encoder import Encoder, Unknown
from muster.columns.encoding.mixes import Blender, Mix
from muster.columns.plan import Encoding, Plan, encoding_places


class MixingEncoder:
    """Encodes every input, then does the mixes; one instance serves many threads.

    Parameters
    ----------
    encodings
        Of every input, with places in the whole matrix.
    mixes
        In the order in which they are done.
    unknown
        As in ``Encoder``.
    """

    def __init__(self, encodings: Sequence[Encoding], mixes: Sequence[Mix], unknown: Unknown = "refuse") -> None:
        at = [place for encoding in encodings for place in encoding_places(encoding, 0)]
        rank = {place: number for number, place in enumerate(sorted(at))}
        moved = [
            replace(encoding, places=tuple(replace(place, at=rank[place.at]) for place in encoding.places))
            for encoding in encodings
        ]
        self._first = Encoder(moved, unknown)
        self._at = np.array(sorted(at), np.intp)
        self.names: Final = self._first.names
        self.width: Final = len(at) + sum(len(mix.outputs) for mix in mixes)
        self._blender = Blender(mixes, self.width)

    def encode(self, columns: Mapping[str, Any]) -> NDArray[np.float64]:
        """Encode rows given by column, as ``Encoder.encode`` does; raise ValueError naming a row that it cannot."""
        matrix = self._begun(columns)
        self.mix(matrix)
        return matrix

    def row(self, _: Sequence[Any]) -> list[float] | None:
        """Return None: of one row too, mixes are made by :meth:`encode`."""
        return None

    def refused(self, columns: Mapping[str, Any]) -> NDArray[np.bool_]:
        """Return which rows only the mixes refuse, shape (rows,); raise ValueError where an encoding refuses one."""
        return self._unmixed(self._begun(columns))

    def _begun(self, columns: Mapping[str, Any]) -> NDArray[np.float64]:
        encoded = self._first.encode(columns)
        matrix = np.zeros((len(encoded), self.width))
        matrix[:, self._at] = encoded
        return matrix

    def _unmixed(self, matrix: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Say of each row whether the mixes refuse it: halves are tried until each is known."""
        try:
            self._blender.blend(matrix)
        except ValueError:
            half = len(matrix) // 2
            if not half:
                return np.ones(len(matrix), np.bool_)
            return np.concatenate((self._unmixed(matrix[:half]), self._unmixed(matrix[half:])))
        return np.zeros(len(matrix), np.bool_)

    def mix(self, matrix: NDArray[np.float64]) -> None:
        """Do the mixes of a matrix whose other columns are filled; raise ValueError naming a row where that fails."""
        try:
            self._blender.blend(matrix)
        except ValueError as error:
            what, row = error.args
            msg = f"row {row}: {what}"
            raise ValueError(msg) from None


def encoder_of(plan: Plan, unknown: Unknown = "refuse") -> Encoder | MixingEncoder:
    """Return what makes of raw columns the matrix of a plan."""
    if not plan.mixes:
        return Encoder(plan.encodings, unknown)
    return MixingEncoder(plan.encodings, plan.mixes, unknown)
