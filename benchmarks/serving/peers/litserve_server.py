"""LitServe: ``python litserve_server.py PORT MODEL``."""

from __future__ import annotations

import sys
from typing import Any

import joblib
import litserve
import pandas as pd


class Credit(litserve.LitAPI):
    def setup(self, _device: str) -> None:
        self.model = joblib.load(sys.argv[2])

    def decode_request(self, request):  # noqa: ANN001, ANN201 - LitServe reads annotations as FastAPI does
        return pd.DataFrame(request["rows"])

    def predict(self, rows: Any) -> Any:
        return self.model.predict_proba(rows)[:, 1]

    def encode_response(self, scores: Any) -> Any:
        return {"score": scores.tolist(), "decision": ["approve" if score >= 0.5 else "refuse" for score in scores]}


if __name__ == "__main__":
    litserve.LitServer(Credit(), accelerator="cpu", workers_per_device=1).run(
        port=int(sys.argv[1]), generate_client_file=False, log_level="warning"
    )
