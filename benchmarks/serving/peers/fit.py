"""Fit both pipelines in a peer's own environment, as MLflow models too where it is: ``python fit.py CSV FOLDER``."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import joblib
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

NUMBERS = ["job", "credit_amount", "duration", "age"]
CATEGORIES = ["sex", "housing", "saving_accounts", "checking_account", "purpose"]
rows, folder = pd.read_csv(sys.argv[1]), Path(sys.argv[2])
for name, classifier in {
    "lr": LogisticRegression(max_iter=2000),
    "hgb": HistGradientBoostingClassifier(random_state=0),
}.items():
    columns = ColumnTransformer(
        [("numbers", StandardScaler(), NUMBERS), ("categories", OneHotEncoder(sparse_output=False), CATEGORIES)]
    )
    model = Pipeline([("columns", columns), ("model", classifier)]).fit(rows[NUMBERS + CATEGORIES], rows["risk"])
    joblib.dump(model, folder / f"{name}.joblib")
    if importlib.util.find_spec("mlflow"):
        import mlflow.sklearn

        example = rows[NUMBERS + CATEGORIES].head(2)
        mlflow.sklearn.save_model(
            model, folder / f"mlflow-{name}", input_example=example, pyfunc_predict_fn="predict_proba",
            serialization_format="cloudpickle",
        )  # fmt: skip
