"""Asking: requests as NVIDIA's client would send them, and its reading of the answers, without a socket."""

from __future__ import annotations

from typing import Any

import numpy as np
from tests.gateway.caller import Caller
from tritonclient import http as triton
from tritonclient.http._utils import _get_inference_request

INFER = "/v2/models/loans/infer"


def asked(columns: dict[str, tuple[str, np.ndarray]], **options: Any) -> tuple[bytes, dict[str, str]]:
    """Return the body and the headers that NVIDIA's client would send."""
    tensors = []
    for name, (kind, values) in columns.items():
        tensors.append(triton.InferInput(name, list(values.shape), kind))
        tensors[-1].set_data_from_numpy(values, binary_data=options.get("binary", True))
    sent, size = _get_inference_request(tensors, "call-7", options.get("outputs"), 0, False, False, 0, None, None)
    return sent, {} if size is None else {"inference_header_content_length": str(size)}


def answered(caller: Caller, sent: bytes, headers: dict[str, str]) -> triton.InferResult:
    status, heads, content = caller.exchange("POST", INFER, sent, **headers)
    assert status == 200, content
    length, coding = heads.get(b"inference-header-content-length"), heads.get(b"content-encoding")
    return triton.InferResult.from_response_body(
        content, header_length=length and int(length), content_encoding=coding and coding.decode()
    )


def rows(size: int) -> dict[str, tuple[str, np.ndarray]]:
    return {
        "income": ("FP64", np.linspace(0, 9e4, size)),
        "months": ("INT64", np.arange(size) % 480),
        "job": ("BYTES", np.array(["clerk", "smith"] * size, np.object_)[:size]),
    }
