"""Model servers in this process: our own gateway, and small ones that speak the protocol as others do, or badly."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx2
import numpy as np

WEIGHTS = (0.8, -1.2)


def chance(a: Any, b: Any) -> Any:
    return 1 / (1 + np.exp(-(WEIGHTS[0] * np.asarray(a, float) + WEIGHTS[1] * np.asarray(b, float))))


def speaking(
    inputs: list[dict[str, Any]], outputs: list[dict[str, Any]], answer: Callable[[Any], Any]
) -> httpx2.MockTransport:
    """A server of one model, named ``scorer``; ``answer`` gives status and content for the body of a request."""

    def handle(request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/v2/models/scorer":
            described = {"name": "scorer", "versions": ["1"], "platform": "x", "inputs": inputs, "outputs": outputs}
            return httpx2.Response(200, json=described)
        if request.url.path == "/v2/models/scorer/infer":
            status, content = answer(json.loads(request.content))
            return httpx2.Response(status, json=content)
        return httpx2.Response(404, json={"error": "no such model"})

    return httpx2.MockTransport(handle)


def by_column(body: Any) -> tuple[int, Any]:
    """One input a column, one number a row; refuses a row in which ``a`` is missing."""
    given = {tensor["name"]: tensor["data"] for tensor in body["inputs"]}
    if None in given["a"]:
        return 400, {"error": f"row {given} is bad"}
    scores = chance(given["a"], given["b"]).tolist()
    return 200, {"outputs": [{"name": "score", "datatype": "FP64", "shape": [len(scores)], "data": scores}]}


def joined(body: Any) -> tuple[int, Any]:
    """One input for all columns, both classes a row."""
    (tensor,) = body["inputs"]
    rows = np.array(tensor["data"], float).reshape(tensor["shape"])
    second = chance(rows[:, 0], rows[:, 1])
    both = np.stack([1 - second, second], axis=1)
    return 200, {
        "outputs": [{"name": "p", "datatype": "FP32", "shape": list(both.shape), "data": both.ravel().tolist()}]
    }


COLUMNS = [{"name": "a", "datatype": "FP64", "shape": [-1]}, {"name": "b", "datatype": "INT64", "shape": [-1, 1]}]
SCORE = [{"name": "score", "datatype": "FP64", "shape": [-1]}, {"name": "label", "datatype": "BYTES", "shape": [-1]}]
