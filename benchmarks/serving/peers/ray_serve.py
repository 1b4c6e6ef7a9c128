"""Ray Serve: ``python ray_serve.py PORT MODEL``."""

from __future__ import annotations

import sys
import time
from typing import Any

import joblib
import pandas as pd
import ray
from ray import serve
from starlette.requests import Request


@serve.deployment(num_replicas=1, max_ongoing_requests=100)
class Credit:
    def __init__(self, path: str) -> None:
        self.model = joblib.load(path)

    async def __call__(self, request: Request) -> Any:
        rows = pd.DataFrame((await request.json())["rows"])
        scores = self.model.predict_proba(rows)[:, 1]
        return {"score": scores.tolist(), "decision": ["approve" if score >= 0.5 else "refuse" for score in scores]}


ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, object_store_memory=80 * 2**20)
serve.start(http_options={"host": "127.0.0.1", "port": int(sys.argv[1])})
serve.run(Credit.bind(sys.argv[2]), route_prefix="/predict")
while True:
    time.sleep(3600)
