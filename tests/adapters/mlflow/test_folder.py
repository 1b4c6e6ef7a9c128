"""Folders that MLflow itself writes are opened without its loaders; what would run something is refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lightgbm
import mlflow
import numpy as np
import pytest
import xgboost
import yaml
from onnx import load_model_from_string
from sklearn.linear_model import LogisticRegression
from tests.adapters.graphs.exported import joined

from muster.adapters.boosters.lgbm import LgbmModel
from muster.adapters.boosters.xgb import XgbModel
from muster.adapters.graphs.judged import judged
from muster.adapters.mlflow.folder import opened
from muster.adapters.pickled.load import load_pickle
from muster.adapters.sklearn import store
from muster.records.model import ModelFormat

X = np.random.default_rng(0).normal(size=(80, 2))
Y = (X[:, 0] > 0).astype(int)
LINEAR = LogisticRegression().fit(X, Y)
PLAIN: dict[str, Any] = {"pip_requirements": ["numpy"]}
QUIET = {"objective": "binary", "verbose": -1}


def zipped(folder: Path, top: str = "", more: dict[str, bytes] | None = None) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, top + str(file.relative_to(folder)))
        for name, content in (more or {}).items():
            archive.writestr(top + name, content)
    return buffer.getvalue()


def described(flavors: Any, **files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("MLmodel", flavors if isinstance(flavors, bytes) else yaml.safe_dump({"flavors": flavors}))
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return buffer.getvalue()


def skops(path: Path) -> None:
    mlflow.sklearn.save_model(LINEAR, path, serialization_format="skops", **PLAIN)


def pickled(path: Path) -> None:
    mlflow.sklearn.save_model(LINEAR, path, serialization_format="cloudpickle", **PLAIN)


def xgb(path: Path) -> None:
    booster = xgboost.train({"objective": "binary:logistic"}, xgboost.DMatrix(X, Y), 2)
    mlflow.xgboost.save_model(booster, path, **PLAIN)


def lgbm(path: Path) -> None:
    booster = lightgbm.train(QUIET, lightgbm.Dataset(X, Y), 2)
    mlflow.lightgbm.save_model(booster, path, **PLAIN)


def onnx(path: Path) -> None:
    mlflow.onnx.save_model(load_model_from_string(joined()), path, save_as_external_data=False, **PLAIN)


CASES: list[tuple[Callable[[Path], None], ModelFormat, Callable[[bytes], Any]]] = [
    (skops, ModelFormat.SKOPS, store.load),
    (pickled, ModelFormat.PICKLE, load_pickle),
    (xgb, ModelFormat.XGBOOST, XgbModel.load),
    (lgbm, ModelFormat.LIGHTGBM, LgbmModel.load),
    (onnx, ModelFormat.ONNX, judged),
]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("save", "wanted", "load"), CASES, ids=[case[1].value for case in CASES])
def test_what_mlflow_saves_is_found_and_read_by_us(
    tmp_path: Path, save: Callable[[Path], None], wanted: ModelFormat, load: Callable[[bytes], Any]
) -> None:
    save(tmp_path / "model")
    for top in ("", "model/"):
        inside = opened(zipped(tmp_path / "model", top))
        assert inside.format is wanted
        assert load(inside.content) is not None


@pytest.mark.filterwarnings("ignore")
def test_code_beside_a_sound_model_is_refused(tmp_path: Path) -> None:
    pickled(tmp_path / "model")
    for name in ("code/extra.txt", "hook.py", "native.so"):
        with pytest.raises(PermissionError, match=f"it holds code .{name}"):
            opened(zipped(tmp_path / "model", "m/", {name: b"x"}))


SOUND = {"python_function": {"loader_module": "mlflow.xgboost"}, "xgboost": {"data": "model.xgb"}}


@pytest.mark.parametrize(
    ("flavors", "said"),
    [
        ({"python_function": {"loader_module": "mlflow.pyfunc.model"}}, "to be loaded by 'mlflow.pyfunc.model'"),
        ({"python_function": {"loader_module": "os"}, "xgboost": {"data": "model.xgb"}}, "to be loaded by 'os'"),
        ({"python_function": {"loader_module": ["os"]}}, r"to be loaded by \"\['os'\]\""),
        ({"xgboost": {"data": "model.xgb"}}, "to be loaded by 'None'"),
        ({**SOUND, "xgboost": {"data": "model.xgb", "code": "code"}}, "flavour xgboost brings code"),
        ({**SOUND, "python_function": {**SOUND["python_function"], "code": "code"}}, "brings code"),
    ],
)
def test_a_loader_of_its_own_or_code_is_refused(flavors: Any, said: str) -> None:
    with pytest.raises(PermissionError, match=said):
        opened(described(flavors, model__xgb=b"{}"))


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"PK no zip", "not a zip file"),
        (described(b"flavors: &a [*a]"), "uses an alias"),
        (described(b"flavors: ["), "is not YAML"),
        (described(b"- 1"), "names no flavors"),
        (described({"python_function": {"loader_module": "mlflow.onnx"}}), "no flavour onnx"),
        (described({**SOUND, "xgboost": {}}), "does not say in which file"),
        (described(SOUND), "in 'model.xgb', which the zip does not hold"),
        (described({**SOUND, "xgboost": {"data": "../model.xgb"}}, model__xgb=b"{}"), "which the zip does not hold"),
        (described({**SOUND, "xgboost": {"data": "/etc/passwd"}}), "which the zip does not hold"),
    ],
)
def test_what_is_no_such_folder_is_said(raw: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        opened(raw)


def test_a_zip_without_a_description_is_none() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a/b/MLmodel", "flavors: {}")
    with pytest.raises(ValueError, match="no MLmodel in its top folder"):
        opened(buffer.getvalue())
