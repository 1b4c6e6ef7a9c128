"""BentoML: ``bentoml serve bentoml_server:Credit``, the model named by MODEL."""

from __future__ import annotations

import os
from typing import Any

import bentoml
import joblib
import pandas as pd


@bentoml.service(workers=1)
class Credit:
    def __init__(self) -> None:
        self.model = joblib.load(os.environ["MODEL"])

    @bentoml.api
    def predict(self, rows: list[dict[str, Any]]) -> dict[str, Any]:
        scores = self.model.predict_proba(pd.DataFrame(rows))[:, 1]
        return {"score": scores.tolist(), "decision": ["approve" if score >= 0.5 else "refuse" for score in scores]}
