"""Joining: a column of several blocks as one Arrow array, without a Python object a row where there was none."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, groupby
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from muster.columns.encoding.coded import Coded
from muster.columns.many.repeated import Repeated

_SORTS = {np.ndarray: np.ndarray, Coded: Coded, Repeated: Repeated}


def joined(parts: Sequence[Any], kind: Any) -> Any:
    """Join the values of several blocks.

    Parameters
    ----------
    parts
        Of each block a list, an array of numbers in which NaN stands for what is missing, ``Coded`` or ``Repeated``.
    kind
        Arrow type of the column.

    Raises
    ------
    TypeError, ValueError
        If a value does not fit that type.
    """
    arrays = [_MADE[sort](list(run), kind) for sort, run in groupby(parts, lambda part: _SORTS.get(type(part), list))]
    return arrays[0] if len(arrays) == 1 else pa.concat_arrays(arrays)


def _of_arrays(parts: Sequence[Any], kind: Any) -> Any:
    values = np.concatenate(parts)
    if values.dtype.kind != "f" or pa.types.is_floating(kind):
        return pa.array(values, kind, from_pandas=True)
    if np.isnan(values).any():
        return pc.cast(pa.array(values, from_pandas=True), kind)
    return pa.array(_whole(values), kind)


def _whole(values: Any) -> Any:
    """Return numbers without a fraction as integers; raise ValueError where one has a fraction."""
    whole = values.astype(np.int64)
    if not np.array_equal(whole, values):
        msg = "a column of whole numbers was given a fraction"
        raise ValueError(msg)
    return whole


def _of_coded(parts: Sequence[Coded], kind: Any) -> Any:
    names = parts[0].names
    if any(part.names is not names for part in parts):
        return pa.concat_arrays([_of_coded([part], kind) for part in parts])
    known: Any = pa.array(names, kind)
    return known.take(pa.array(np.concatenate([part.codes for part in parts])))


def _of_repeated(parts: Sequence[Repeated], kind: Any) -> Any:
    values, sizes = [part.value for part in parts], [part.size for part in parts]
    if pa.types.is_int64(kind) or pa.types.is_timestamp(kind):
        return pa.array(np.repeat(np.array(values, np.int64), sizes)).view(kind)
    known: Any = pa.array(values, kind)
    return known.take(pa.array(np.repeat(np.arange(len(parts)), sizes)))


def _of_lists(parts: Sequence[Any], kind: Any) -> Any:
    values = list(chain.from_iterable(parts))
    if pa.types.is_list(kind) and not any(values):  # nearly always, and then there is nothing to look into
        offsets: Any = pa.array(np.zeros(len(values) + 1, np.int32))
        return pa.ListArray.from_arrays(offsets, pa.array([], kind.value_type))
    return pa.array(values, kind)


_MADE = {np.ndarray: _of_arrays, Coded: _of_coded, Repeated: _of_repeated, list: _of_lists}
