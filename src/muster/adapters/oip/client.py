"""Client of the Open Inference Protocol (V2, REST, JSON tensors): the model's metadata, and scores of rows.

Source: the Open Inference Protocol, REST API, of the KServe project.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote, urlsplit

import httpx2
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from muster.adapters.oip.fetching import REQUEST_SECONDS, fetched
from muster.columns.original.classes import BOTH, place_of
from muster.records.canonical import canonical
from muster.records.data import Column, ColumnType
from muster.records.model import Endpoint
from muster.rules.address import loopback

ROWS: Final = 1000
"""Rows of one request."""

CONNECT_SECONDS: Final = 10.0
_KINDS: Final[Mapping[ColumnType, tuple[str, ...]]] = {
    ColumnType.NUMBER: ("FP64", "FP32"),
    ColumnType.INTEGER: ("INT64", "INT32", "FP64", "FP32"),
    ColumnType.CATEGORY: ("BYTES",),
}
"""Datatypes that can take a column, best first."""


class OipModel:
    """A model at an endpoint, bound to columns; fills ``muster.ports.predictor.Remote``.

    Parameters
    ----------
    endpoint
        Where it answers. Plain http only to this machine.
    columns
        Declared inputs, in the order of the one joined input where there is one.
    positive
        The class whose probability is the score, where the answer has both. One number a row is the score itself.
    output
        Name of the output with the probabilities; empty where only one can be.
    transport
        How requests travel, if not over sockets.

    Raises
    ------
    ValueError
        Where the address cannot be used.
    """

    def __init__(
        self, endpoint: Endpoint, columns: Sequence[Column], positive: Any, output: str = "", transport: Any = None
    ) -> None:
        parts = urlsplit(endpoint.url)
        host = parts.hostname or ""
        local = loopback(host)
        if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment or parts.username:
            msg = f"{endpoint.url!r} is no address of a model server: write it as https://HOST or http://127.0.0.1:PORT"
            raise ValueError(msg)
        if parts.scheme == "http" and not local:
            msg = f"{endpoint.url}: over plain http anybody on the way could read rows and change scores: use https"
            raise ValueError(msg)
        version = f"/versions/{quote(endpoint.version, safe='')}" if endpoint.version else ""
        self._path = f"{endpoint.url.rstrip('/')}/v2/models/{quote(endpoint.model, safe='')}{version}"
        self._endpoint, self._columns = endpoint, tuple(columns)
        self._positive, self._output = positive, output
        self._local, self._transport = local, transport
        self._described: Mapping[str, Any] = {}

    def describe(self) -> bytes:
        """Return the model's metadata as canonical JSON, after holding the declared inputs and output against it.

        Raises
        ------
        ConnectionError
            Where the endpoint cannot be reached.
        ValueError
            Where it knows no such model, or the model reads or answers something else.
        """
        with self._client() as client:
            described = self._asked(client, "GET", self._path)
        if not isinstance(described.get("inputs"), list) or not isinstance(described.get("outputs"), list):
            msg = f"{self._path} does not say what the model reads and answers: its metadata need inputs and outputs"
            raise ValueError(msg)
        self._described = described
        self._tensors(_schema(self._columns).empty_table())
        self._chosen()
        return canonical(dict(described))

    def probabilities(self, table: pa.Table) -> NDArray[np.float64]:
        """Return P(positive) for each row, asked in batches."""
        if not self._described:
            self.describe()
        found = [np.empty(0)]
        with self._client() as client:
            for start in range(0, table.num_rows, ROWS):
                batch = table.slice(start, ROWS)
                body = {"inputs": self._tensors(batch), "outputs": [{"name": self._chosen()}]}
                answer = self._asked(client, "POST", f"{self._path}/infer", body)
                found.append(self._score(answer, batch.num_rows))
        return np.concatenate(found)

    def _client(self) -> httpx2.Client:
        return httpx2.Client(
            timeout=httpx2.Timeout(REQUEST_SECONDS, connect=CONNECT_SECONDS),
            follow_redirects=False,  # rows must not follow somewhere else
            trust_env=not self._local,
            transport=self._transport,
        )

    def _asked(self, client: httpx2.Client, method: str, url: str, body: Any = None) -> dict[str, Any]:
        status, content = fetched(client, method, url, body)
        if status != 200:  # its words may repeat the rows: the status says enough
            msg = f"{url} answered with status {status}"
            raise ValueError(msg)
        try:
            answer = json.loads(content)
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            msg = f"{url} answered with something that is no JSON object"
            raise ValueError(msg)
        return answer

    def _tensors(self, batch: pa.Table) -> list[dict[str, Any]]:
        ports = {str(port.get("name")): port for port in self._described["inputs"] if isinstance(port, dict)}
        names = [column.name for column in self._columns]
        joined = self._endpoint.joined
        if joined:
            if list(ports) != [joined]:
                msg = f"the endpoint reads {', '.join(ports)}, not one input {joined!r}"
                raise ValueError(msg)
            kind = [_kind(ports[joined], column) for column in self._columns][-1]
            rows = list(zip(*(_values(batch, column, kind) for column in self._columns), strict=True))
            return [{"name": joined, "datatype": kind, "shape": [batch.num_rows, len(names)], "data": rows}]
        if sorted(ports) != sorted(names):
            msg = f"the endpoint reads {', '.join(ports)}; declared as inputs are {', '.join(names)}"
            raise ValueError(msg)
        return [_tensor(batch, column, ports[column.name]) for column in self._columns]

    def _chosen(self) -> str:
        """Return the output to read: the one that is named, or the only one that can hold probabilities."""
        ports = [port for port in self._described["outputs"] if isinstance(port, dict)]
        kinds = {str(port.get("name")): port.get("datatype") for port in ports}
        if self._output:
            if self._output not in kinds:
                msg = f"the endpoint has no output {self._output!r}: it has {', '.join(kinds)}"
                raise ValueError(msg)
            return self._output
        possible = [name for name, kind in kinds.items() if kind in ("FP64", "FP32")]
        if len(possible) != 1:
            msg = f"which output holds the probabilities? The endpoint has {', '.join(kinds)}: name one as `output`"
            raise ValueError(msg)
        return possible[0]

    def _score(self, answer: Mapping[str, Any], rows: int) -> NDArray[np.float64]:
        name = self._chosen()
        outputs = answer.get("outputs")
        ports = outputs if isinstance(outputs, list) else []
        found = [port for port in ports if isinstance(port, dict) and port.get("name") == name]
        try:
            (port,) = found
            values = _numbers(port["data"]).reshape([int(size) for size in port["shape"]])
        except (KeyError, OverflowError, TypeError, ValueError):
            msg = f"{self._path} answered without an output {name!r} of plain JSON numbers in its shape"
            raise ValueError(msg) from None
        if values.shape == (rows, 2):
            return values[:, place_of(BOTH, self._positive)]
        if values.shape not in ((rows,), (rows, 1)):
            # In words: digits could be taken for values of the row, which are kept out of the ledger.
            msg = f"{self._path}: the output {name!r} has not one number for each row, or two: its shape does not fit"
            raise ValueError(msg)
        return values.reshape(-1)


def _numbers(data: Any) -> NDArray[np.float64]:
    """Return JSON numbers and nulls, nested or not, as an array; raise ValueError where anything else is there."""
    values = np.array(data)
    if values.dtype.kind not in "if" and not all(_is_number(value) for value in values.reshape(-1).tolist()):
        msg = "no plain numbers"
        raise ValueError(msg)
    return values.astype(np.float64)


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, (int, float)) and not isinstance(value, bool))


def _tensor(batch: pa.Table, column: Column, port: Mapping[str, Any]) -> dict[str, Any]:
    kind, shape = _kind(port, column), port.get("shape")
    wide = isinstance(shape, list) and len(shape) == 2
    return {
        "name": column.name,
        "datatype": kind,
        "shape": [batch.num_rows, 1] if wide else [batch.num_rows],
        "data": _values(batch, column, kind),
    }


def _kind(port: Mapping[str, Any], column: Column) -> str:
    kind = str(port.get("datatype"))
    if kind not in _KINDS[column.type]:
        msg = f"column {column.name!r} is a {column.type.value}, and the endpoint's input takes {kind}"
        raise ValueError(msg)
    return kind


def _values(batch: pa.Table, column: Column, kind: str) -> list[Any]:
    if column.name not in batch.column_names:
        msg = f"column {column.name!r} is missing: the table has {', '.join(batch.column_names)}"
        raise ValueError(msg)
    types: dict[str, Any] = {"BYTES": pa.string(), "INT64": pa.int64(), "INT32": pa.int32()}
    try:
        values: list[Any] = batch.column(column.name).cast(types.get(kind, pa.float64())).to_pylist()
    except pa.ArrowInvalid:
        msg = f"column {column.name!r}: a value that {kind} cannot hold"
        raise ValueError(msg) from None
    return [None if isinstance(value, float) and value != value else value for value in values]  # noqa: PLR0124 - NaN


def _schema(columns: Sequence[Column]) -> pa.Schema:
    types: dict[ColumnType, pa.DataType] = {ColumnType.CATEGORY: pa.string(), ColumnType.INTEGER: pa.int64()}
    return pa.schema([(column.name, types.get(column.type, pa.float64())) for column in columns])
