"""Models that others trained on the rows of the walk, in every format, each written by its own library."""

from __future__ import annotations

import io
import pickle  # noqa: TID251 - written here as others write it, read by the code under test
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import joblib  # noqa: TID251 - as pickle
import lightgbm
import numpy as np
import xgboost
from numpy.typing import NDArray
from onnx import TensorProto, helper
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from tests.walk import INPUTS, RULE

from muster.adapters.sklearn import store
from muster.columns.tables import from_parquet
from muster.lifecycle.desk.action import Upload
from muster.ports.executor import Progress, TaskFailed
from muster.records.codec import encode
from muster.records.model import Declaration, ModelFormat
from muster.wiring.inside.work import Work
from muster.wiring.tasks import TASKS

TARGET = "default-payment-next-month"


@dataclass(frozen=True)
class Foreign:
    """A model as it is handed in, and what its own library makes of rows."""

    format: ModelFormat
    name: str
    content: bytes
    scores: Callable[[NDArray[np.float64]], NDArray[np.float64]]


def declared(kind: ModelFormat, **more: Any) -> dict[str, Any]:
    known: dict[str, Any] = {"inputs": INPUTS, "target": TARGET, "positive": 1, "origin": "the scoring team, 2025"}
    return dict(encode(Declaration(format=kind, decision=RULE, **{**known, **more})))


def matrix(rows: bytes) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    table = from_parquet(rows)
    columns: list[Any] = [table[name].to_numpy() for name in INPUTS]
    return np.stack(columns, axis=1).astype(np.float64), table[TARGET].to_numpy()


@cache
def made(training: bytes, kind: str) -> Foreign:
    """Train the model of a kind on the rows of a Parquet file."""
    kinds = {
        "skops": _skops,
        "pickle": _pickle,
        "joblib": _joblib,
        "xgboost": _xgboost,
        "lightgbm": _lightgbm,
        "onnx": _onnx,
        "mlflow": _mlflow,
    }
    return kinds[kind](*matrix(training))


def _second(model: Any) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
    return lambda rows: np.asarray(model.predict_proba(rows)[:, 1], np.float64)


def _skops(rows: Any, y: Any) -> Foreign:
    model = HistGradientBoostingClassifier(max_iter=20, random_state=0).fit(rows, y)
    return Foreign(ModelFormat.SKOPS, "scorer.skops", store.dump(model), _second(model))


def _pickle(rows: Any, y: Any) -> Foreign:
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(rows, y)
    return Foreign(ModelFormat.PICKLE, "scorer.pkl", pickle.dumps(model), _second(model))


def _joblib(rows: Any, y: Any) -> Foreign:
    model = RandomForestClassifier(20, max_depth=6, random_state=0).fit(rows, y)
    buffer = io.BytesIO()
    joblib.dump(model, buffer, compress=3)
    return Foreign(ModelFormat.JOBLIB, "scorer.joblib", buffer.getvalue(), _second(model))


def _xgboost(rows: Any, y: Any) -> Foreign:
    data = xgboost.DMatrix(rows, y, feature_names=list(INPUTS))
    model = xgboost.train({"objective": "binary:logistic", "max_depth": 4}, data, 30)

    def scores(asked: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(model.predict(xgboost.DMatrix(asked, feature_names=list(INPUTS))), np.float64)

    return Foreign(ModelFormat.XGBOOST, "scorer.json", bytes(model.save_raw("json")), scores)


def _lightgbm(rows: Any, y: Any) -> Foreign:
    model = lightgbm.train({"objective": "binary", "verbose": -1}, lightgbm.Dataset(rows, y), 30)
    return Foreign(ModelFormat.LIGHTGBM, "scorer.txt", model.model_to_string().encode(), model.predict)


def _onnx(rows: Any, y: Any) -> Foreign:
    model: Pipeline = make_pipeline(StandardScaler(), LogisticRegression()).fit(rows, y)
    scaler, linear = model[0], model[1]
    nodes = [
        helper.make_node(
            "Scaler", ["rows"], ["scaled"], domain="ai.onnx.ml", offset=scaler.mean_, scale=1 / scaler.scale_
        ),
        helper.make_node(
            "LinearClassifier", ["scaled"], ["label", "probabilities"], domain="ai.onnx.ml", classlabels_ints=[0, 1],
            coefficients=[*-linear.coef_[0], *linear.coef_[0]], post_transform="LOGISTIC",
            intercepts=[-linear.intercept_[0], linear.intercept_[0]],
        ),
        helper.make_node("ZipMap", ["probabilities"], ["by_class"], domain="ai.onnx.ml", classlabels_int64s=[0, 1]),
    ]  # fmt: skip
    value = helper.make_map_type_proto(TensorProto.INT64, helper.make_tensor_type_proto(TensorProto.FLOAT, []))
    outputs = [
        helper.make_tensor_value_info("label", TensorProto.INT64, [None]),
        helper.make_value_info("by_class", helper.make_sequence_type_proto(value)),
    ]
    inputs = [helper.make_tensor_value_info("rows", TensorProto.FLOAT, [None, len(INPUTS)])]
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid("ai.onnx.ml", 3)]
    made = helper.make_model(helper.make_graph(nodes, "g", inputs, outputs), opset_imports=opsets, ir_version=10)
    return Foreign(ModelFormat.ONNX, "scorer.onnx", made.SerializeToString(), _second(model))


def _mlflow(rows: Any, y: Any) -> Foreign:
    import mlflow

    model = lightgbm.LGBMClassifier(n_estimators=20, verbose=-1, n_jobs=1).fit(rows, y)
    buffer = io.BytesIO()
    with TemporaryDirectory() as folder:
        mlflow.lightgbm.save_model(model, f"{folder}/model", pip_requirements=["lightgbm"])
        with zipfile.ZipFile(buffer, "w") as archive:
            for file in Path(folder).rglob("*"):
                archive.write(file, file.relative_to(folder))
    return Foreign(ModelFormat.PYFUNC, "model.zip", buffer.getvalue(), _second(model))


class Unwalled:
    """An executor that does tasks in this process: a worker a task takes seconds, and has tests of its own."""

    def run(
        self, task: str, arguments: Mapping[str, Any], files: Mapping[str, bytes], progress: Progress
    ) -> tuple[dict[str, Any], dict[str, bytes]]:
        with TemporaryDirectory() as folder:
            given, made = Path(folder) / "in", Path(folder) / "out"
            given.mkdir()
            made.mkdir()
            for name, content in files.items():
                (given / name).write_bytes(content)
            try:
                result = TASKS[task](arguments, Work(given, made, progress))
            except (ValueError, PermissionError) as error:
                raise TaskFailed(str(error)) from None
            return {**result, "isolation": {"network": "not denied"}}, {
                path.name: path.read_bytes() for path in made.iterdir()
            }


def upload(model: Foreign) -> Upload:
    return Upload(model.name, model.content)
