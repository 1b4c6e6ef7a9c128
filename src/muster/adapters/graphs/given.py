"""Given: an ONNX graph as somebody exported it, with columns as its inputs and one of its outputs as the score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from muster.columns.original.classes import BOTH, of_positive, place_of
from muster.records.data import Column, ColumnType

_NUMBERS: Final[Mapping[str, Any]] = {
    "tensor(float)": np.float32,
    "tensor(double)": np.float64,
    "tensor(int64)": np.int64,
    "tensor(int32)": np.int32,
}
_TEXT: Final = "tensor(string)"
_ZIPMAP: Final = ("seq(map(int64,tensor(float)))", "seq(map(string,tensor(float)))")
_PROBABILITIES: Final = ("tensor(float)", "tensor(double)", *_ZIPMAP)


class GivenGraph:
    """A graph bound to columns: one input a column by name, or one input of shape [rows, columns] that takes all.

    One thread, sequential, as the served form is run.

    Parameters
    ----------
    raw
        The file.
    columns
        Declared inputs, in the order of the one input where there is one.
    positive
        The class whose probability is the score.
    output
        Name of the output with the probabilities; empty where there is only one that could be.

    classes
        Labels of its classifier, where the file was judged already.

    Raises
    ------
    ValueError
        Where the bytes are no ONNX file, or its inputs and outputs do not fit what was declared.
    PermissionError
        Where the file reaches outside itself.
    """

    def __init__(
        self,
        raw: bytes,
        columns: Sequence[Column],
        positive: Any,
        output: str = "",
        classes: Sequence[Any] | None = None,
    ) -> None:
        self._classes = _judged_classes(raw) if classes is None else classes
        self._session = _session(raw)
        self._columns = tuple(columns)
        self._positive = positive
        ports = self._session.get_inputs()
        self._joined = len(ports) == 1 and (len(columns) != 1 or ports[0].name != columns[0].name)
        (self._check_joined if self._joined else self._check_named)(ports)
        self._output = _chosen(self._session.get_outputs(), output)

    def probabilities(self, rows: Mapping[str, NDArray[Any]]) -> NDArray[np.float64]:
        """Return P(positive) of rows given by column: numbers as float64 with NaN for null, text as objects."""
        feed = self._all(rows) if self._joined else self._each(rows)
        try:
            (answer,) = self._session.run([self._output], feed)
        except Exception as error:  # noqa: BLE001 - onnxruntime raises a dozen classes of its own
            msg = f"the graph does not score the rows: {str(error).splitlines()[0][:300]}"
            raise ValueError(msg) from None
        return self._score(answer)

    def _check_joined(self, ports: Sequence[Any]) -> None:
        (port,) = ports
        width = port.shape[1] if len(port.shape) == 2 else None
        if len(port.shape) != 2 or (isinstance(width, int) and width != len(self._columns)):
            msg = (
                f"the graph's one input {port.name!r} has the shape {port.shape}; declared as inputs are "
                f"{len(self._columns)} columns: {', '.join(column.name for column in self._columns)}"
            )
            raise ValueError(msg)
        for column in self._columns:
            _require_type(port, column)

    def _check_named(self, ports: Sequence[Any]) -> None:
        known = {column.name: column for column in self._columns}
        if sorted(port.name for port in ports) != sorted(known):
            msg = (
                f"the graph reads {', '.join(port.name for port in ports)}; declared as inputs are {', '.join(known)}: "
                "one input a column, of the same name, or one for all"
            )
            raise ValueError(msg)
        for port in ports:
            _require_type(port, known[port.name])
            if len(port.shape) not in (1, 2) or (len(port.shape) == 2 and port.shape[1] not in (1, None, "")):
                msg = f"the graph's input {port.name!r} has the shape {port.shape}: a column has [rows] or [rows, 1]"
                raise ValueError(msg)

    def _all(self, rows: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        (port,) = self._session.get_inputs()
        return {port.name: np.stack([_tensor(rows[c.name], port, c.name) for c in self._columns], axis=1)}

    def _each(self, rows: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        return {
            port.name: _tensor(rows[port.name], port, port.name).reshape((-1, 1) if len(port.shape) == 2 else (-1,))
            for port in self._session.get_inputs()
        }

    def _score(self, answer: Any) -> NDArray[np.float64]:
        if isinstance(answer, list):  # ZipMap: one dictionary a row
            keys = sorted(answer[0]) if answer else []
            key = keys[place_of(keys, self._positive)] if keys else None
            return np.array([row[key] for row in answer], np.float64)
        values = np.asarray(answer, np.float64)
        if values.ndim == 2 and values.shape[1] == 2:
            return values[:, place_of(self._classes or BOTH, self._positive)]
        if values.ndim == 1 or (values.ndim == 2 and values.shape[1] == 1):
            return of_positive(values.reshape(-1), self._classes or BOTH, self._positive)
        msg = f"the output {self._output!r} has the shape {values.shape}: a score needs [rows], [rows, 1] or [rows, 2]"
        raise ValueError(msg)


def _judged_classes(raw: bytes) -> Sequence[Any]:
    from muster.adapters.graphs.judged import classes_of, judged  # only now: a gateway may not load what reads it

    return classes_of(judged(raw))


def _session(raw: bytes) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = 4
    try:
        return onnxruntime.InferenceSession(raw, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # noqa: BLE001 - onnxruntime raises a dozen classes of its own
        msg = f"the ONNX file does not load: {str(error).splitlines()[0][:300]}"
        raise ValueError(msg) from None


def _chosen(outputs: Sequence[Any], wanted: str) -> str:
    """Return the name of the output to read: the one that is named, or the only one that can hold probabilities."""
    names: list[str] = [port.name for port in outputs]
    if wanted:
        if wanted not in names:
            msg = f"the graph has no output {wanted!r}: it has {', '.join(names)}"
            raise ValueError(msg)
        return wanted
    possible: list[str] = [port.name for port in outputs if port.type in _PROBABILITIES]
    named = [name for name in possible if "prob" in name.lower()]
    if len(named) == 1 or len(possible) == 1:
        return named[0] if len(named) == 1 else possible[0]
    msg = f"which output holds the probabilities? The graph has {', '.join(names)}: name one as `output`"
    raise ValueError(msg)


def _require_type(port: Any, column: Column) -> None:
    text = column.type is ColumnType.CATEGORY
    if port.type != _TEXT if text else port.type not in _NUMBERS:
        held = "text" if text else "numbers"
        msg = f"column {column.name!r} holds {held}, and the graph's input {port.name!r} takes {port.type}"
        raise ValueError(msg)


def _tensor(values: NDArray[Any], port: Any, name: str) -> NDArray[Any]:
    if port.type == _TEXT:
        if any(value is None for value in values):
            msg = f"column {name!r}: no value, and text in ONNX cannot be missing"
            raise ValueError(msg)
        return values.astype(object)
    kind = _NUMBERS[port.type]
    with np.errstate(invalid="ignore", over="ignore"):
        cast = values.astype(kind)
    if issubclass(kind, np.integer) and not (cast == values).all():
        msg = f"column {name!r}: a fraction or no value, or one too large, and the graph takes {port.type}"
        raise ValueError(msg)
    if (np.isinf(cast) & ~np.isinf(values)).any():
        msg = f"column {name!r}: a value too large for {port.type}, which the graph takes"
        raise ValueError(msg)
    return cast
