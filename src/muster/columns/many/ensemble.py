"""Ensemble: the trees that a served artifact holds, read from its bytes without the library that wrote them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from muster.columns.encoding.wire import fields, integers, sized

_KINDS: Final[dict[Any, np.dtype[Any]]] = {11: np.dtype("<f8"), 2: np.dtype("u1")}
"""Types of tensors that are read, by their number."""

_ALWAYS: Final = {b"aggregate_function": [1], b"n_targets": [1], b"post_transform": [0]}
"""What the compiler writes of every ensemble: a sum, of one target, as it is."""


@dataclass(frozen=True, slots=True, eq=False)
class Ensemble:
    """Nodes and leaves of all trees, each numbered through; a row goes on at ``true`` where its value is <= threshold.

    Children are pairs of shape (nodes, 2): the number of a node or leaf, and 1 where it is a leaf.
    """

    roots: NDArray[np.int64]
    feature: NDArray[np.int64]
    threshold: NDArray[np.float64]
    missing_true: NDArray[np.bool_]
    true: NDArray[np.int64]
    false: NDArray[np.int64]
    leaves: NDArray[np.float64]

    @classmethod
    def read(cls, buffer: bytes) -> Ensemble | None:
        """Return the only ensemble that an ONNX file holds; None where it holds anything else, or is none."""
        try:
            return cls._read(buffer)
        except (IndexError, KeyError, TypeError, ValueError):
            return None

    @classmethod
    def _read(cls, buffer: bytes) -> Ensemble | None:
        """Read as :func:`muster.columns.compiler.compile_served` writes; field numbers are those of ``onnx.proto``."""
        (graph,) = (part for number, part in sized(memoryview(buffer)) if number == 7)
        (node,) = (part for number, part in sized(graph) if number == 1)
        parts = list(sized(node))
        if [bytes(part) for number, part in parts if number == 4] != [b"TreeEnsemble"]:
            return None
        told = dict(_attribute(part) for number, part in parts if number == 5)
        sound = all(told[name] == value for name, value in _ALWAYS.items())
        if not sound or any(told[b"leaf_targetids"]) or any(told[b"nodes_modes"]):
            return None
        array = {name: np.array(value) for name, value in told.items() if name not in _ALWAYS}
        true = np.stack([array[b"nodes_truenodeids"], array[b"nodes_trueleafs"]], axis=1)
        false = np.stack([array[b"nodes_falsenodeids"], array[b"nodes_falseleafs"]], axis=1)
        missing = array[b"nodes_missing_value_tracks_true"].astype(np.bool_)
        leaves, splits = array[b"leaf_weights"], array[b"nodes_splits"]
        return cls(array[b"tree_roots"], array[b"nodes_featureids"], splits, missing, true, false, leaves)


class Split(NamedTuple):
    """An inner node: leaves of ``open`` are left where the value is above the threshold."""

    tree: int
    threshold: float
    missing_true: bool
    open: int
    """As many bits as are asked for, from the lowest."""


def unfolded(ensemble: Ensemble) -> tuple[list[tuple[int, Split]], list[list[float]]]:
    """Return all splits with their columns, and the leaves of each tree from left to right."""
    splits: list[tuple[int, Split]] = []
    leaves = []
    for tree, root in enumerate(ensemble.roots.tolist()):
        found, values = _walked(ensemble, root)
        leaves.append(values)
        for node, left in found:
            threshold, missing = float(ensemble.threshold[node]), bool(ensemble.missing_true[node])
            splits.append((int(ensemble.feature[node]), Split(tree, threshold, missing, ~left)))
    return splits, leaves


def _walked(ensemble: Ensemble, root: int) -> tuple[list[tuple[int, int]], list[float]]:
    """Return each inner node of a tree with the leaves on its true side as bits, and the leaves from left to right."""
    found: list[tuple[int, int]] = []
    values: list[float] = []
    waiting = [(root, 0, -1)]  # number, whether it is a leaf, and how many leaves there were before its true side
    for _ in range(3 * len(ensemble.feature) + 3):
        if not waiting:
            return found, values
        number, leaf, before = waiting.pop()
        if before >= 0:
            found.append((number, (1 << len(values)) - (1 << before)))
        elif leaf:
            values.append(float(ensemble.leaves[number]))
        else:
            true, false = ensemble.true[number].tolist(), ensemble.false[number].tolist()
            both = [(*false, -1), (number, 0, len(values))] if true != false else []  # else a tree of one leaf
            waiting += [*both, (*true, -1)]
    refuse("a tree leads back to itself")
    return found, values


def refuse(what: str) -> Any:
    """Raise ValueError: trees cannot be scored otherwise than by walking them."""
    msg = f"{what}: the model is scored by walking its trees"
    raise ValueError(msg)


def _attribute(part: memoryview) -> tuple[bytes, Any]:
    held: dict[int, list[Any]] = {}
    for number, value in fields(part):
        held.setdefault(number, []).append(value)
    (name,) = held[1]
    return bytes(name), _tensor(held[5][0]) if 5 in held else integers([*held.get(3, ()), *held.get(8, ())])


def _tensor(part: memoryview) -> NDArray[Any]:
    held = dict(fields(part))
    values: NDArray[Any] = np.frombuffer(held[9], _KINDS[held[2]])
    return values
