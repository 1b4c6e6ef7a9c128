"""What most teams write first: FastAPI, a DataFrame, the pipeline. ``python fastapi_pandas.py PORT MODEL``."""

from __future__ import annotations

import sys
from typing import Any

import joblib
import pandas as pd
import uvicorn
from fastapi import FastAPI, Request

app = FastAPI()
model = joblib.load(sys.argv[2])


@app.post("/predict")
async def predict(request: Request) -> Any:
    rows = pd.DataFrame((await request.json())["rows"])
    scores = model.predict_proba(rows)[:, 1]
    return {"score": scores.tolist(), "decision": ["approve" if score >= 0.5 else "refuse" for score in scores]}


uvicorn.run(app, port=int(sys.argv[1]), log_level="warning", access_log=False)
