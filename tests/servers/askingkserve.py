"""kserve's REST client, asked to ask a gateway; it runs in an environment of its own and prints what it was told."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import numpy as np
from kserve import InferenceRESTClient, InferInput, InferRequest, RESTConfig

ROWS = {
    "income": ("FP64", np.array([30_000.0, 90_000.0])),
    "months": ("INT64", np.array([12, 24])),
    "job": ("BYTES", np.array(["clerk", "smith"], np.object_)),
}


def _request(*, binary: bool) -> InferRequest:
    inputs = []
    for name, (kind, values) in ROWS.items():
        inputs.append(InferInput(name, list(values.shape), kind))
        inputs[-1].set_data_from_numpy(values, binary_data=binary)
    return InferRequest(model_name="loans", infer_inputs=inputs, request_id="from-kserve")


async def _ask(base: str) -> dict[str, Any]:
    client = InferenceRESTClient(RESTConfig(protocol="v2", retries=0))
    told: dict[str, Any] = {
        "live": await client.is_server_live(base),
        "ready": await client.is_server_ready(base),
        "model": await client.is_model_ready(base, "loans"),
    }
    for binary in (False, True):
        answer = await client.infer(base, _request(binary=binary), model_name="loans")
        outputs = {output.name: output.as_numpy().tolist() for output in answer.outputs}
        told["binary" if binary else "json"] = {"id": answer.id, "score": outputs["score"]}
    await client.close()
    return told


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_ask(sys.argv[1]))))  # noqa: T201 - the test reads it
