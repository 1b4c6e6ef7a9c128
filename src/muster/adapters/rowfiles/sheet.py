"""Sheet: what became of rows, as record batches of one schema: the columns that were kept, then ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from muster.columns.encoding.arrays import array_of
from muster.columns.encoding.coded import Coded

_NAME: Final = pa.dictionary(pa.int32(), pa.string())
COLUMNS: Final[Mapping[str, Any]] = {
    "decision_id": pa.string(),
    "score": pa.float64(),
    "decision": _NAME,
    "favourable": pa.bool_(),
    "flags": pa.list_(pa.string()),
    "reasons": pa.list_(pa.string()),
    "refusal": _NAME,
    "model_version": _NAME,
}
"""Our columns. All but ``refusal`` and ``model_version`` are null in rows that were refused."""


class Sheet:
    """Makes record batches of results.

    Parameters
    ----------
    kept
        Schema of the columns of the input that are kept.
    reasons
        Whether there is a column of reasons.
    """

    def __init__(self, kept: Any, *, reasons: bool) -> None:
        if taken := sorted(set(kept.names) & set(COLUMNS)):
            msg = f"a column {taken[0]} cannot be kept: the output has one of its own; rename it in the input"
            raise ValueError(msg)
        self._ours = {name: kind for name, kind in COLUMNS.items() if reasons or name != "reasons"}
        self.schema: Final = pa.schema([*kept, *(pa.field(name, kind) for name, kind in self._ours.items())])

    def batch(self, kept: Any, accepted: Any, columns: Mapping[str, Any]) -> Any:
        """Return one record batch.

        Parameters
        ----------
        kept
            Record batch of the columns that are kept, with every row; where none is, it has no rows either.
        accepted
            Numbers of the rows that were decided; the other columns have one value for each of these, but for
            ``refusal`` and ``model_version``, which have one for every row.
        """
        size = len(columns["refusal"])
        arrays = [kept.column(name) for name in kept.schema.names]
        places: Any = None
        if len(accepted) < size:
            found = np.full(size, -1, np.int64)
            found[accepted] = np.arange(len(accepted))
            places = pa.array(found, mask=found < 0)
        for name, kind in self._ours.items():
            whole = name in ("refusal", "model_version")
            values = columns[name]
            if isinstance(values, str):
                values = Coded((values,), np.zeros(size, np.int32))
            array = array_of(values, size if whole else len(accepted), kind)
            arrays.append(array if whole or places is None else array.take(places))
        return pa.RecordBatch.from_arrays(arrays, schema=self.schema)


def flat(schema: Any) -> Any:
    """Return a schema as a CSV can hold it: lists become texts, with ; between."""
    return pa.schema([pa.field(field.name, _flat_kind(field.type)) for field in schema])


def flattened(batch: Any) -> Any:
    """Return a batch as a CSV can hold it."""
    schema = flat(batch.schema)
    arrays: list[Any] = []
    for array, field in zip(batch.columns, schema, strict=True):
        lists = pa.types.is_list(array.type)
        arrays.append(pc.binary_join(array, ";") if lists else pc.cast(array, field.type))
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _flat_kind(kind: Any) -> Any:
    if pa.types.is_dictionary(kind):
        return kind.value_type
    return pa.string() if pa.types.is_list(kind) else kind
