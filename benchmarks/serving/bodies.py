"""The same rows in every server's own words."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from benchmarks.serving.house import CATEGORIES, NUMBERS, table

ROWS = (1, 100)
Row = Mapping[str, Any]


def records(rows: Sequence[Row]) -> Any:
    """Put a list of rows under ``rows``."""
    return {"rows": list(rows)}


def plainly(rows: Sequence[Row]) -> Any:
    """Write one row as an object, several under ``rows``: our own simplest words."""
    return rows[0] if len(rows) == 1 else records(rows)


def split(rows: Sequence[Row]) -> Any:
    """Write columns once, then values: MLflow's own form."""
    columns = [*NUMBERS, *CATEGORIES]
    return {"dataframe_split": {"columns": columns, "data": [[row[name] for name in columns] for row in rows]}}


def tensors(rows: Sequence[Row]) -> Any:
    """Write a tensor a column: the Open Inference Protocol."""
    kinds = {**dict.fromkeys(NUMBERS, "INT64"), **dict.fromkeys(CATEGORIES, "BYTES")}
    return {"inputs": [_tensor(name, kind, rows) for name, kind in kinds.items()]}


def pandas_tensors(rows: Sequence[Row]) -> Any:
    """Write tensors as MLServer wants them for pandas, and ask for probabilities."""
    inputs = tensors(rows)["inputs"]
    for tensor in inputs:
        kind = {"parameters": {"content_type": "str"}} if tensor["datatype"] == "BYTES" else {}
        tensor.update(shape=[len(rows), 1], **kind)
    return {"parameters": {"content_type": "pd"}, "inputs": inputs, "outputs": [{"name": "predict_proba"}]}


def bodies(form: Callable[[Sequence[Row]], Any]) -> dict[int, bytes]:
    """Return a body for each number of rows, all of the first rows of the data."""
    rows = table().select([*NUMBERS, *CATEGORIES]).slice(0, max(ROWS)).to_pylist()
    return {count: json.dumps(form(rows[:count])).encode() for count in ROWS}


def _tensor(name: str, kind: str, rows: Sequence[Row]) -> dict[str, Any]:
    return {"name": name, "datatype": kind, "shape": [len(rows)], "data": [row[name] for row in rows]}
