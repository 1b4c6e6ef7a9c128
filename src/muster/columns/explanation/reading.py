"""Reading: the plan and the form back out of a served artifact, so that explaining a model needs no other file."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, helper, numpy_helper

from muster.columns.compiler import PLAN_KEY, compile_served
from muster.columns.forms import Form, Linear, Member, Members, Tree, Trees
from muster.columns.plan import Plan

Ints = NDArray[np.int64]


def read_served(served: bytes) -> tuple[Plan, Form]:
    """Read a served artifact.

    Nothing is lost: the plan and form that come back are compiled again, and must give the very bytes that were read.
    Nodes of a tree are numbered anew, inner ones first; in a linear model the signs of zeros are kept too.

    Raises
    ------
    ValueError
        If the bytes are no served artifact, or hold more than muster's compiler writes.
    """
    try:
        model: ModelProto = onnx.load_from_string(served)
    except Exception as error:  # noqa: BLE001 - protobuf raises classes of its own
        msg = f"the served artifact is not an ONNX file: {error}. Compile the version again"
        raise ValueError(msg) from None
    held = {item.key: item.value for item in model.metadata_props}
    if PLAN_KEY not in held:
        msg = "the ONNX file holds no plan, so it was not compiled by muster: compile the version, then explain that"
        raise ValueError(msg)
    plan = Plan.from_bytes(held[PLAN_KEY].encode())
    form = _members(model, plan) if plan.head else _form(model)
    if compile_served(plan, form) != served:
        msg = "the served artifact is not what muster's compiler writes for its model: compile the version again"
        raise ValueError(msg)
    return plan, form


def _form(model: ModelProto) -> Form:
    kinds = [node.op_type for node in model.graph.node]
    if kinds == ["TreeEnsemble"]:
        return _trees(model.graph.node[0])
    if kinds == ["MatMul", "Add"]:
        held = {item.name: numpy_helper.to_array(item) for item in model.graph.initializer}
        if held.keys() == {"weights", "intercept"}:
            return Linear(held["weights"].reshape(-1).astype(np.float64), float(held["intercept"].item()))
    msg = f"the served artifact computes {', '.join(kinds) or 'nothing'}: known are trees and linear models"
    raise ValueError(msg)


def _members(model: ModelProto, plan: Plan) -> Members:
    """Read each member by the names of what the compiler wrote for it; how many columns trees might read is not."""
    *nodes, last = model.graph.node
    held = {item.name: numpy_helper.to_array(item) for item in model.graph.initializer}
    made = {name: node for node in nodes for name in node.output}
    each = []
    for number, _ in enumerate(last.input):
        mark = f".{number}"
        node = made.get("margin" + mark)
        if node is not None and node.op_type == "TreeEnsemble":
            start = _start_of(node)
            each.append(Member(start, plan.width - start, _trees(node, start)))
        elif {name + mark for name in ("start", "end", "weights", "intercept")} <= held.keys():
            start, end = (int(held[name + mark].item()) for name in ("start", "end"))
            weights = held["weights" + mark].reshape(-1).astype(np.float64)
            each.append(Member(start, end - start, Linear(weights, float(held["intercept" + mark].item()))))
        else:
            msg = f"member {number} of the served artifact is a network: known are trees and linear models"
            raise ValueError(msg)
    return Members(tuple(each), plan.head)


def _start_of(node: NodeProto) -> int:
    """Return where the columns of a member's trees begin: the tree of the baseline names the first."""
    held = {item.name: helper.get_attribute_value(item) for item in node.attribute}
    try:
        return int(held["nodes_featureids"][held["tree_roots"][0]])
    except (KeyError, IndexError) as error:
        msg = f"the served artifact's trees cannot be read ({error}): compile the version again"
        raise ValueError(msg) from None


def _trees(node: NodeProto, start: int = 0) -> Trees:
    held: dict[str, Any] = {item.name: helper.get_attribute_value(item) for item in node.attribute}
    try:
        flat = _Flat(held, start)
        first, *rest = (flat.tree(int(root)) for root in flat.roots)
    except (KeyError, IndexError, ValueError, TypeError) as error:
        msg = f"the served artifact's trees cannot be read ({error}): compile the version again"
        raise ValueError(msg) from None
    return Trees(float(first.value[0]), tuple(rest))


class _Flat:
    """The arrays of the operator ``TreeEnsemble``: inner nodes and leaves of all trees, each numbered through."""

    def __init__(self, held: dict[str, Any], start: int) -> None:
        self.roots = np.array(held["tree_roots"], np.int64)
        self.feature = np.array(held["nodes_featureids"], np.int64) - start
        self.threshold = numpy_helper.to_array(held["nodes_splits"]).astype(np.float64)
        self.missing = np.array(held["nodes_missing_value_tracks_true"], np.bool_)
        self.children = np.array([held["nodes_truenodeids"], held["nodes_falsenodeids"]], np.int64)
        self.ends = np.array([held["nodes_trueleafs"], held["nodes_falseleafs"]], np.bool_)
        self.leaves = numpy_helper.to_array(held["leaf_weights"]).astype(np.float64)

    def tree(self, root: int) -> Tree:
        """Build one tree again, inner nodes first, both kinds in the order in which the compiler wrote them."""
        inner, leaves = self._reached(root)
        if len(leaves) == 1:  # the operator's way to write a constant: both branches lead to one leaf
            inner = inner[:0]
        places = np.concatenate((inner, leaves))
        count, size = len(inner), len(places)
        feature, left, right = np.zeros(size, np.int64), np.zeros(size, np.int64), np.zeros(size, np.int64)
        threshold, missing, value = np.zeros(size), np.zeros(size, np.bool_), np.zeros(size)
        feature[:count], threshold[:count], missing[:count] = (
            part[inner] for part in (self.feature, self.threshold, self.missing)
        )
        for side, to in enumerate((left, right)):
            child, ends = self.children[side][inner], self.ends[side][inner]
            to[:count] = np.where(ends, np.searchsorted(leaves, child) + count, np.searchsorted(inner, child))
        value[count:] = self.leaves[leaves]
        return Tree(feature, threshold, missing, left, right, np.arange(size) >= count, value)

    def _reached(self, root: int) -> tuple[Ints, Ints]:
        inner, leaves, waiting = {root}, set(), [root]
        while waiting:
            node = waiting.pop()
            for side in (0, 1):
                child = int(self.children[side][node])
                if self.ends[side][node]:
                    leaves.add(child)
                elif child in inner:
                    msg = f"node {child} is reached twice"
                    raise ValueError(msg)
                else:
                    inner.add(child)
                    waiting.append(child)
        return np.array(sorted(inner), np.int64), np.array(sorted(leaves), np.int64)
