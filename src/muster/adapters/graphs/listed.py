"""Listed: whether a graph of others may be run in the gateway itself, by an exact list of operators and bounds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from muster.columns.encoding.wire import fields, integers

OPERATORS: Final = frozenset(
    {
        ("", name)
        for line in (
            "Abs Add And ArgMax ArgMin Cast Ceil Clip Concat Constant Div Equal Exp Flatten Floor Gather Gemm Greater",
            "GreaterOrEqual Identity IsNaN LeakyRelu Less LessOrEqual Log MatMul Max Mean Min Mul Neg Not Or Pow",
            "ReduceMax ReduceMean ReduceMin ReduceSum Relu Reshape Round Shape Sigmoid Sign Slice Softmax Softplus",
            "Split Sqrt Squeeze Sub Sum Tanh Transpose Unsqueeze Where Xor",
        )
        for name in line.split()
    }
    | {
        ("ai.onnx.ml", name)
        for line in (
            "ArrayFeatureExtractor Binarizer CategoryMapper FeatureVectorizer Imputer LabelEncoder LinearClassifier",
            "LinearRegressor Normalizer OneHotEncoder Scaler SVMClassifier SVMRegressor TreeEnsemble",
            "TreeEnsembleClassifier TreeEnsembleRegressor ZipMap",
        )
        for name in line.split()
    }
)
"""Domain and name of what converters write of pipelines. None loops, draws, or makes a size out of a value."""

LARGEST: Final = 64 * 2**20
"""Bytes of a graph that the gateway runs itself."""
MOST_NODES: Final = 2_000

_OPSETS: Final[Mapping[str, range]] = {"": range(9, 24), "ai.onnx.ml": range(1, 6)}
_CAST_TO: Final = frozenset({1, 7, 9, 11})
"""float, int64, bool and double, as ``TensorProto.DataType`` counts them."""
_PLAIN: Final = frozenset({1, 2, 3, 4, 5, 7, 8, 9, 13, 20})
"""Fields of an attribute that is a number, a text, a tensor or many of the first two: no graph, no reference."""

_Message = Mapping[int, list[Any]]


def listed(raw: bytes) -> tuple[Any, ...]:
    """Return the labels of a graph's classifier, as ``classes_of`` does, where it holds only what is listed.

    Field numbers are those of ``onnx.proto``; whatever is not plain is refused.

    Raises
    ------
    PermissionError
        Where something is not on the list; says what.
    ValueError
        Where the bytes are no ONNX file.
    """
    if len(raw) > LARGEST:
        _refuse(f"it has {len(raw):,} bytes, and {LARGEST:,} is the most")
    try:
        return _listed(_read(memoryview(raw)))
    except (IndexError, TypeError, UnicodeDecodeError):
        msg = "the graph does not load: it is cut off or no ONNX file"
        raise ValueError(msg) from None


def _listed(model: _Message) -> tuple[Any, ...]:
    if model.keys() & {20, 25} or len(model[7]) != 1:
        _refuse("it brings functions or more than one graph")
    for opset in map(_read, model[8]):
        domain, version = _domain(opset[1]), integers(opset[2])
        if len(version) != 1 or version[0] not in _OPSETS.get(domain, ()):
            _refuse(f"it asks for version {version} of the operators of {domain[:40] or 'ai.onnx'!r}")
    graph = _read(model[7][0])
    if len(graph[1]) > MOST_NODES:
        _refuse(f"it has {len(graph[1]):,} operators, and {MOST_NODES:,} is the most")
    if graph[15]:
        _refuse("it holds sparse constants")
    for tensor in graph[5]:
        _require_here(tensor)
    classes: tuple[Any, ...] = ()
    for node in map(_read, graph[1]):
        classes = _labels_of(node) or classes
    return classes


def _labels_of(node: _Message) -> tuple[Any, ...]:
    """Return the labels that an operator names, of the first attribute that does; empty: none."""
    name, domain = _text(node[4]), _domain(node[7])
    if (domain, name) not in OPERATORS or _text(node[8]):
        _refuse(f"the operator {name[:40]!r} of the domain {domain[:40] or 'ai.onnx'!r} is not on the list")
    found: tuple[Any, ...] = ()
    for attribute in map(_read, node[5]):
        _require_plain(attribute, name)
        if name == "Cast" and _text(attribute[1]) == "to" and not set(integers(attribute[3])) <= _CAST_TO:
            _refuse("it casts to a type whose values are cut, or written otherwise from release to release")
        if not found and _text(attribute[1]).startswith("classlabels"):
            found = tuple(integers(attribute[8])) or tuple(bytes(text).decode() for text in attribute[9])
    return found


def _require_plain(attribute: _Message, name: str) -> None:
    if not attribute.keys() <= _PLAIN:
        _refuse(f"the operator {name!r} holds more than numbers, texts and constants")
    for tensor in attribute[5]:
        _require_here(tensor)


def _require_here(tensor: memoryview) -> None:
    held = _read(tensor)
    if held[13] or any(held[14]):
        _refuse("a constant lies in another file")


def _read(message: memoryview) -> _Message:
    found = defaultdict(list)
    for number, value in fields(message):
        found[number].append(value)
    return found


def _text(values: list[Any]) -> str:
    if len(values) > 1:
        raise IndexError  # readers differ in which one they take
    return bytes(values[0]).decode() if values else ""


def _domain(values: list[Any]) -> str:
    domain = _text(values)
    return "" if domain == "ai.onnx" else domain


def _refuse(what: str) -> None:
    msg = f"the gateway does not run this graph itself: {what}"
    raise PermissionError(msg)
