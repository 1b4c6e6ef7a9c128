from __future__ import annotations

import json
from dataclasses import replace

from muster.gateway.decided import Decided
from muster.gateway.protocols.oip.outputs import write_answer

DECIDED = Decided(
    "loans", "sha256:v", "call-7", ["a", "b"], [0.1, 0.9], [True, False], ["approve", "refuse"], "schema=allow",
    [[], ["near-threshold"]], [[], ["R1", "R2"]], {"R1": "Income"}, "https://desk/{decision_id}",
)  # fmt: skip


def test_every_output_has_one_value_a_row() -> None:
    names = ("score", "decision", "decision_id", "flags", "reasons", "review")
    told = json.loads(write_answer(DECIDED, [(name, False) for name in names]).content)
    assert told["parameters"] == {"model_version": "sha256:v", "guards": "schema=allow"}
    outputs = {output["name"]: output["data"] for output in told["outputs"]}
    assert outputs == {
        "score": [0.1, 0.9],
        "decision": ["approve", "refuse"],
        "decision_id": ["a", "b"],
        "flags": ["", "near-threshold"],
        "reasons": ["", "R1 R2"],
        "review": ["", "https://desk/b"],
    }


def test_binary_data_stands_behind_the_json_in_the_order_of_the_outputs() -> None:
    reply = write_answer(DECIDED, [("decision", True), ("score", False), ("decision_id", True)])
    length = int(dict(reply.headers)[b"inference-header-content-length"])
    told = json.loads(reply.content[:length])
    assert [output.get("parameters") for output in told["outputs"]] == [
        {"binary_data_size": 21}, None, {"binary_data_size": 10},
    ]  # fmt: skip
    assert reply.content[length:] == b"\7\0\0\0approve\6\0\0\0refuse" + b"\1\0\0\0a\1\0\0\0b"
    assert reply.kind == b"application/octet-stream"


def test_what_was_answered_without_the_log_says_so() -> None:
    told = json.loads(write_answer(replace(DECIDED, logged=False), [("score", False)]).content)
    assert told["parameters"]["logged"] is False
