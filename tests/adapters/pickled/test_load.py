"""Loading pickles by the list: models come back whole, and of what would do harm nothing is ever called."""

from __future__ import annotations

import contextlib
import gzip
import io
import os
import pickle  # noqa: TID251 - to write what the code under test reads
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import catboost
import joblib  # noqa: TID251 - as pickle
import lightgbm
import numpy as np
import pandas as pd
import pytest
import xgboost
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier, VotingClassifier
from sklearn.feature_selection import SelectKBest
from sklearn.gaussian_process import GaussianProcessClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler
from tests.adapters.pickled.gadgets import SYSTEM, Call, joblib_dump, live, silent, stack_global, text

from muster.adapters.pickled.load import load_joblib, load_pickle

RNG = np.random.default_rng(1)
FRAME = pd.DataFrame({"a": RNG.normal(size=120), "b": RNG.normal(size=120), "job": RNG.choice(["x", "y"], 120)})
LABELS = (FRAME["a"] + (FRAME["job"] == "x") + RNG.normal(size=120) > 0.4).to_numpy().astype(int)
NUMBERS = FRAME[["a", "b"]]

MODELS: dict[str, Any] = {
    "pipeline": make_pipeline(
        ColumnTransformer([("n", StandardScaler(), ["a", "b"]), ("c", OneHotEncoder(), ["job"])]), LogisticRegression()
    ),
    "forest": RandomForestClassifier(4, random_state=0),
    "boosting": HistGradientBoostingClassifier(max_iter=3, random_state=0),
    "calibrated": CalibratedClassifierCV(LogisticRegression()),
    "neighbours": KNeighborsClassifier(algorithm="kd_tree"),
    "network": MLPClassifier((4,), max_iter=400, random_state=0),
    "vote": VotingClassifier([("a", LogisticRegression())], voting="soft"),
    "xgboost": xgboost.XGBClassifier(n_estimators=2, n_jobs=1),
    "catboost": catboost.CatBoostClassifier(iterations=2, verbose=False, allow_writing_files=False, thread_count=1),
    "lightgbm": lightgbm.LGBMClassifier(n_estimators=2, verbose=-1, n_jobs=1),
    "process": GaussianProcessClassifier(random_state=0),
    "chosen": make_pipeline(SelectKBest(k=1), LogisticRegression()),
    "function": make_pipeline(FunctionTransformer(), LogisticRegression()),
}


def fitted(name: str) -> tuple[Any, pd.DataFrame]:
    rows = FRAME if name == "pipeline" else NUMBERS
    return MODELS[name].fit(rows, LABELS), rows


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("name", MODELS)
def test_models_come_back_and_score_alike(name: str) -> None:
    model, rows = fitted(name)
    wanted = model.predict_proba(rows).tobytes()
    for protocol in (0, 2, 4, 5):
        assert load_pickle(pickle.dumps(model, protocol)).predict_proba(rows).tobytes() == wanted
    for compress in (0, 3, ("gzip", 3), ("bz2", 3), ("xz", 3), ("lzma", 3)):
        assert load_joblib(joblib_dump(model, compress=compress)).predict_proba(rows).tobytes() == wanted


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_what_is_tried_here_does_harm_elsewhere(tmp_path: Path) -> None:
    """If this fails, the attacks below prove nothing."""
    canary = tmp_path / "canary"
    for name, raw in live(canary):
        with contextlib.suppress(TypeError):
            pickle.loads(raw)  # noqa: S301 - a file of ours, into a folder of ours
        assert canary.exists(), name
        canary.unlink()


@pytest.mark.parametrize("wrapped", ["plain", "joblib", "zlib", "gzip", "in an array", "after an array"])
def test_nothing_that_a_file_names_is_called(tmp_path: Path, wrapped: str) -> None:
    canary = tmp_path / "canary"
    for name, raw in [*live(canary), *silent()]:
        load, content = dressed(raw, wrapped)
        with pytest.raises((PermissionError, ValueError)) as refused:
            load(content)
        assert not canary.exists(), name
        assert "refused" in str(refused.value) or "does not load" in str(refused.value), name


def dressed(raw: bytes, wrapped: str) -> tuple[Callable[[bytes], Any], bytes]:
    """Put a pickle where joblib may have one."""
    if wrapped == "plain":
        return load_pickle, raw
    if wrapped in ("zlib", "gzip"):
        return load_joblib, zlib.compress(raw) if wrapped == "zlib" else gzip.compress(raw)
    if wrapped == "joblib":
        return load_joblib, raw
    whole = joblib_dump([np.array([{"a": 1}], object), 7])
    place = whole.index(b"\x80\x05") if wrapped == "in an array" else whole.rindex(b"\x95")
    return load_joblib, whole[:place] + (raw if wrapped == "in an array" else raw.removesuffix(b".")) + whole[place:]


def test_the_name_that_is_refused_is_told() -> None:
    with pytest.raises(PermissionError, match=r"^model file refused: it names posix\.system, which is not on the list"):
        load_pickle(pickle.dumps(Call(SYSTEM, "true")))
    with pytest.raises(
        PermissionError, match=r"it calls the class sklearn\.linear_model\._logistic\.LogisticRegression"
    ):
        load_pickle(stack_global("sklearn.linear_model._logistic", "LogisticRegression"))


def test_what_follows_the_model_is_refused() -> None:
    model = fitted("forest")[0]
    for raw, load in ((pickle.dumps(model), load_pickle), (joblib_dump(model), load_joblib)):
        with pytest.raises(ValueError, match="something follows the model"):
            load(raw + b"\x80\x04N.")
    with pytest.raises(ValueError, match="followed by something"):
        load_joblib(zlib.compress(joblib_dump(1)) + b"x")


@pytest.mark.parametrize("raw", [b"", b"\x80", b"hello", b"\x80\x04", pickle.dumps(LogisticRegression())[:-9]])
def test_damaged_files_are_said_to_be_so(raw: bytes) -> None:
    for load in (load_pickle, load_joblib):
        with pytest.raises(ValueError, match="does not load"):
            load(raw)


def test_what_unpacks_to_too_much_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("muster.adapters.pickled.load.LARGEST", 1000)
    with pytest.raises(ValueError, match="unpacks to more than 1000 bytes"):
        load_joblib(zlib.compress(bytes(2000)))
    with pytest.raises(ValueError, match="cut off"):
        load_joblib(zlib.compress(os.urandom(500))[:-5])
    with pytest.raises(ValueError, match="does not unpack"):
        load_joblib(b"x\x9c" + bytes(30))


def test_an_array_that_is_described_otherwise_than_joblib_does_is_refused() -> None:
    whole = joblib_dump(np.arange(5.0))
    for old, new in ((b"allow_mmap", b"read_array"), (b"\x8c\x05dtype", b"\x8c\x05dtypf")):
        assert old in whole
        with pytest.raises((PermissionError, ValueError), match="refused|does not load"):
            load_joblib(whole.replace(old, new))


def test_bytes_do_not_become_objects() -> None:
    """One call of numpy's own class of arrays would take bytes for addresses; here the class cannot be called."""
    forged = b"\x80\x04" + text("numpy") + text("ndarray") + b"\x93(K\x01\x85" + text("O8") + b"C\x08AAAAAAAAtR."
    with pytest.raises(PermissionError, match="calls an object of ArrayClass"):
        load_pickle(forged)


def test_warnings_of_the_library_are_told_and_do_not_stop_it() -> None:
    raw = pickle.dumps(fitted("forest")[0])
    version = __import__("sklearn").__version__.encode()
    older = raw.replace(version, b"1.0" + b"0" * (len(version) - 3))
    told: list[str] = []
    assert load_pickle(older, told.append).n_estimators == 4
    assert any("Trying to unpickle estimator RandomForestClassifier" in line for line in told)


def test_nothing_is_left_of_a_load_that_failed() -> None:
    with pytest.raises(PermissionError):
        load_pickle(pickle.dumps([LogisticRegression(), io.BytesIO]))
    assert load_pickle(pickle.dumps(LogisticRegression(C=2.0))).C == 2.0
    assert joblib.numpy_pickle.NumpyArrayWrapper.__module__ == "joblib.numpy_pickle"
