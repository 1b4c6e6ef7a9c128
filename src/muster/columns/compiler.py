"""Compiler: a form and its plan to one ONNX file, so that one digest binds model, encoding and decision rule.

Everything stays float64: four of five thresholds of a histogram-boosted tree are values of the training data, so that
a float32 rounding moves whole rows to another leaf. Trees become one ``TreeEnsemble`` (ai.onnx.ml 5) whose first tree
is the baseline as a single leaf: summed in order, margins then equal the original's to the last bit, as long as the
runtime uses one thread. The logistic function is left to the reader (``muster.adapters.onnx``), because the runtime's
own gives one row other bits alone than in a batch.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, checker, helper, numpy_helper

from muster.columns.encoding.mixes import Mix
from muster.columns.forms import Form, Linear, Members, Network, Tree, Trees
from muster.columns.plan import MIXED_FORMAT, PLACED_FORMAT, PLAN_FORMAT, Encoding, Plan
from muster.records.data import ColumnType
from muster.records.model import DecisionRule

PLAN_KEY = "muster.plan"
"""Key of the file's metadata that holds the plan."""


def planned(
    version: str,
    learner: str,
    encodings: tuple[Encoding, ...],
    form: Form,
    decision: DecisionRule,
    mixes: tuple[Mix, ...] = (),
) -> Plan:
    """Return the plan of a compiled model, in the first format where that says it all."""
    head = form.head if isinstance(form, Members) else ()
    placed = head or any(encoding.places or encoding.unread for encoding in encodings)
    format_ = MIXED_FORMAT if mixes else PLACED_FORMAT if placed else PLAN_FORMAT
    return Plan(version, learner, encodings, decision, format_, head, mixes)


def compile_served(plan: Plan, form: Form) -> bytes:
    """Write the served artifact.

    Returns
    -------
    Bytes of an ONNX file with input ``matrix`` (double, rows x width) and output ``margin`` (double, rows x members,
    of which most models have one); its metadata holds the plan. The same plan and form give the same bytes.

    Raises
    ------
    ValueError
        Where plan and form do not fit together.
    """
    _check_fit(plan, form)
    parts, members = (_members(form), len(form.each)) if isinstance(form, Members) else (_single(form), 1)
    graph = helper.make_graph(
        parts.nodes,
        "served",
        [helper.make_tensor_value_info("matrix", TensorProto.DOUBLE, [None, plan.width])],
        [helper.make_tensor_value_info("margin", TensorProto.DOUBLE, [None, members])],
        parts.tensors,
    )
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid("ai.onnx.ml", 5)]
    model: ModelProto = helper.make_model(graph, opset_imports=opsets, ir_version=10, producer_name="muster")
    helper.set_model_props(model, {PLAN_KEY: plan.to_bytes().decode()})
    checker.check_model(model)
    return bytes(model.SerializeToString(deterministic=True))


def _check_fit(plan: Plan, form: Form) -> None:
    if isinstance(form, Members):
        wrong = any(member.start + member.width > plan.width for member in form.each) or form.head != plan.head
        sound = all(_holds(member.form, member.width)[1] for member in form.each)
        wrong = wrong or any(_holds(member.form, member.width)[0] for member in form.each)
    else:
        wrong, sound = _holds(form, plan.width)
    if wrong:
        msg = f"the model does not read the {plan.width} columns that its plan makes: they are not of one version"
        raise ValueError(msg)
    if isinstance(form, Linear) and (unfilled := [e.column.name for e in plan.encodings if _leaves_null(e)]):
        msg = f"{', '.join(unfilled)} may be null, and a linear model cannot read null: give each a fill"
        raise ValueError(msg)
    if not sound:
        msg = "the model holds a number that is not finite: train it again, it cannot be served"
        raise ValueError(msg)


def _holds(form: Linear | Trees | Network, width: int) -> tuple[bool, bool]:
    """Return whether a form does not fit so many columns, and whether all its numbers are sound."""
    if isinstance(form, Linear):
        return len(form.weights) != width, bool(np.isfinite([*form.weights, form.intercept]).all())
    if isinstance(form, Network):
        sound = all(np.isfinite(part).all() for layer in form.layers for part in layer)
        return form.layers[0][0].shape[0] != width, sound
    read = max((int(tree.feature[~tree.leaf].max(initial=-1)) + 1 for tree in form.trees), default=0)
    return read > width, bool(np.isfinite(form.baseline)) and all(map(_is_sound, form.trees))


def _leaves_null(encoding: Encoding) -> bool:
    column = encoding.column
    if encoding.places or encoding.unread:  # these say themselves what becomes of null
        return False
    return column.nullable and column.type is not ColumnType.CATEGORY and encoding.fill is None


def _is_sound(tree: Tree) -> bool:
    """Leaves must be finite; a threshold may be infinite, which parts missing values from all others."""
    return bool(np.isfinite(tree.value[tree.leaf]).all() and not np.isnan(tree.threshold[~tree.leaf]).any())


class _Parts(NamedTuple):
    """What a graph is made of."""

    nodes: list[NodeProto]
    tensors: list[TensorProto]


def _single(form: Linear | Trees | Network, source: str = "matrix", mark: str = "", offset: int = 0) -> _Parts:
    """Write one form that reads ``source`` and gives ``margin`` + mark; every other name bears the mark too."""
    if isinstance(form, Trees):
        return _trees(form, mark, offset)
    if isinstance(form, Network):
        return _network(form, source, mark)
    nodes = [
        helper.make_node("MatMul", [source, "weights" + mark], ["product" + mark]),
        helper.make_node("Add", ["product" + mark, "intercept" + mark], ["margin" + mark]),
    ]
    weights = np.asarray(form.weights, np.float64).reshape(-1, 1)
    return _Parts(nodes, [_tensor("weights" + mark, weights), _tensor("intercept" + mark, np.array([form.intercept]))])


def _network(form: Network, source: str, mark: str) -> _Parts:
    parts, last = _Parts([], []), len(form.layers) - 1
    activations = {"relu": "Relu", "tanh": "Tanh", "logistic": "Sigmoid"}
    for number, (weights, intercepts) in enumerate(form.layers):
        named = f"{mark}:{number}"
        made = "margin" + mark if number == last else f"layer{named}"
        parts.nodes.append(helper.make_node("MatMul", [source, "weights" + named], ["product" + named]))
        parts.nodes.append(helper.make_node("Add", ["product" + named, "intercept" + named], [made]))
        parts.tensors.extend((_tensor("weights" + named, weights), _tensor("intercept" + named, intercepts)))
        source = made
        if number < last and form.activation in activations:
            source = f"active{named}"
            parts.nodes.append(helper.make_node(activations[form.activation], [made], [source]))
    return parts


def _members(form: Members) -> _Parts:
    parts = _Parts([], [_tensor("axis", np.array([1]))])
    for number, member in enumerate(form.each):
        mark, source = f".{number}", f"slice.{number}"
        if not isinstance(member.form, Trees):
            ends = [f"start{mark}", f"end{mark}"]
            parts.nodes.append(helper.make_node("Slice", ["matrix", *ends, "axis"], [source]))
            places = (member.start, member.start + member.width)
            parts.tensors.extend(_tensor(name, np.array([place])) for name, place in zip(ends, places, strict=True))
        nodes, tensors = _single(member.form, source, mark, member.start)
        parts.nodes.extend(nodes)
        parts.tensors.extend(tensors)
    parts.nodes.append(
        helper.make_node("Concat", [f"margin.{number}" for number in range(len(form.each))], ["margin"], axis=1)
    )
    return parts


@dataclass(slots=True)
class _Ensemble:
    """The flat arrays of ``TreeEnsemble``: inner nodes and leaves of all trees, each numbered through."""

    roots: list[int] = field(default_factory=list)
    feature: list[int] = field(default_factory=list)
    threshold: list[float] = field(default_factory=list)
    missing_true: list[int] = field(default_factory=list)
    true: tuple[list[int], list[int]] = field(default_factory=lambda: ([], []))
    """Number of the node or leaf on the true branch, and 1 where it is a leaf."""
    false: tuple[list[int], list[int]] = field(default_factory=lambda: ([], []))
    leaves: list[float] = field(default_factory=list)

    offset: int = 0
    """Where in the matrix the trees' columns begin."""

    def add_constant(self, value: float) -> None:
        """Add a tree of one leaf: the operator wants a node whose branches both lead to it."""
        self.roots.append(len(self.feature))
        self._add_inner(0, 0.0, missing=False)
        for branch in (self.true, self.false):
            branch[0].append(len(self.leaves))
            branch[1].append(1)
        self.leaves.append(value)

    def add(self, tree: Tree) -> None:
        """Add a tree."""
        if tree.leaf[0]:
            self.add_constant(float(tree.value[0]))
            return
        inner = np.cumsum(~tree.leaf) - 1 + len(self.feature)
        leaf = np.cumsum(tree.leaf) - 1 + len(self.leaves)
        place = np.where(tree.leaf, leaf, inner)
        self.roots.append(int(place[0]))
        for node in np.flatnonzero(~tree.leaf):
            self._add_inner(int(tree.feature[node]), float(tree.threshold[node]), missing=bool(tree.missing_left[node]))
            for branch, child in ((self.true, tree.left[node]), (self.false, tree.right[node])):
                branch[0].append(int(place[child]))
                branch[1].append(int(tree.leaf[child]))
        self.leaves += tree.value[tree.leaf].tolist()

    def _add_inner(self, feature: int, threshold: float, *, missing: bool) -> None:
        self.feature.append(feature + self.offset)
        self.threshold.append(threshold)
        self.missing_true.append(int(missing))


def _trees(form: Trees, mark: str, offset: int) -> _Parts:
    flat = _Ensemble(offset=offset)
    flat.add_constant(form.baseline)
    for tree in form.trees:
        flat.add(tree)
    node = helper.make_node(
        "TreeEnsemble",
        ["matrix"],
        ["margin" + mark],
        domain="ai.onnx.ml",
        n_targets=1,
        aggregate_function=1,  # sum
        post_transform=0,  # none
        tree_roots=flat.roots,
        nodes_featureids=flat.feature,
        nodes_splits=_tensor("splits", np.array(flat.threshold)),
        nodes_modes=_tensor("modes", np.zeros(len(flat.feature), np.uint8)),  # 0: less or equal
        nodes_missing_value_tracks_true=flat.missing_true,
        nodes_truenodeids=flat.true[0],
        nodes_trueleafs=flat.true[1],
        nodes_falsenodeids=flat.false[0],
        nodes_falseleafs=flat.false[1],
        leaf_targetids=[0] * len(flat.leaves),
        leaf_weights=_tensor("leaves", np.array(flat.leaves)),
    )
    return _Parts([node], [])


def _tensor(name: str, array: NDArray[np.generic]) -> TensorProto:
    return numpy_helper.from_array(array, name)
