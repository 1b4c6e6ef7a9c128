"""Every server of the comparison: how it is started, and where and in which words it is asked."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.peers import environment
from benchmarks.serving.bodies import bodies, pandas_tensors, records, split
from benchmarks.serving.house import DATA
from benchmarks.serving.load import Door

HERE = Path(__file__).parent / "peers"
LEARN = "scikit-learn==1.9.1 pandas==3.1.1"
PACKAGES = {
    "fastapi": f"fastapi==0.165.0 uvicorn[standard]==0.54.0 {LEARN}",
    "mlflow": f"mlflow==3.17.2 uvicorn[standard] {LEARN}",
    # With uvloop 0.22 its worker dies at the start (SeldonIO/MLServer#2286).
    "mlserver": "mlserver==1.7.1 mlserver-sklearn==1.7.1 uvloop<0.22 scikit-learn pandas",
    "bentoml": f"bentoml==1.4.39 {LEARN}",
    "litserve": f"litserve==0.2.19 {LEARN}",
    "ray-serve": f"ray[serve]==2.60.0 {LEARN}",
}
BASELINE = "fastapi"
PEERS = tuple(name for name in PACKAGES if name != BASELINE)


@dataclass(frozen=True)
class Recipe:
    """How to start a server with one model, and its door."""

    command: Sequence[str | Path]
    door: Door
    environment: Mapping[str, str] = field(default_factory=dict)


def peer(name: str, model: str, port: int, folder: Path) -> Recipe:
    """Return how a peer serves a model; its environment and its models are made on first use.

    Parameters
    ----------
    folder
        Scratch space of this benchmark; each peer fits the models in its own environment.
    """
    python = environment(name, PACKAGES[name]).absolute()
    own = folder / name
    if not (own / f"{model}.joblib").exists():
        own.mkdir(parents=True, exist_ok=True)
        subprocess.run([python, HERE / "fit.py", DATA / "german_credit.csv", own], check=True)
    return _START[name](python, own, model, port)


def _script(file: str) -> Callable[[Path, Path, str, int], Recipe]:
    def start(python: Path, folder: Path, model: str, port: int) -> Recipe:
        return Recipe([python, HERE / file, str(port), folder / f"{model}.joblib"], _door(port, "predict", records))

    return start


def _mlflow(python: Path, folder: Path, model: str, port: int) -> Recipe:
    command = [python, "-m", "mlflow", "models", "serve", "-m", folder / f"mlflow-{model}", "-p", str(port)]
    path = f"{python.parent}:/usr/bin:/bin"
    return Recipe([*command, "--env-manager", "local"], _door(port, "invocations", split), {"PATH": path})


def _mlserver(python: Path, folder: Path, model: str, port: int) -> Recipe:
    place = folder / f"server-{model}"
    place.mkdir(exist_ok=True)
    ports = {"http_port": port, "grpc_port": port + 1, "metrics_port": port + 2}
    (place / "settings.json").write_text(json.dumps({**ports, "host": "127.0.0.1", "parallel_workers": 0}))
    settings = {
        "name": model,
        "implementation": "mlserver_sklearn.SKLearnModel",
        "parameters": {"uri": str(folder / f"{model}.joblib")},
    }
    (place / "model-settings.json").write_text(json.dumps(settings))
    path = f"v2/models/{model}/infer"
    return Recipe([python.parent / "mlserver", "start", place], _door(port, path, pandas_tensors))


def _bentoml(python: Path, folder: Path, model: str, port: int) -> Recipe:
    command = [python, "-m", "bentoml", "serve", "bentoml_server:Credit", "--working-dir", HERE, "--port", str(port)]
    told = {
        "MODEL": str(folder / f"{model}.joblib"),
        "BENTOML_DO_NOT_TRACK": "True",
        "PATH": f"{python.parent}:/usr/bin:/bin",
    }
    return Recipe(command, _door(port, "predict", records), told)


def _ray(python: Path, folder: Path, model: str, port: int) -> Recipe:
    made = _script("ray_serve.py")(python, folder, model, port)
    return Recipe(made.command, made.door, {"RAY_USAGE_STATS_ENABLED": "0", "RAY_SERVE_THROUGHPUT_OPTIMIZED": "1"})


def _door(port: int, path: str, form: Callable[[Any], Any]) -> Door:
    return Door(f"http://127.0.0.1:{port}/{path}", bodies(form))


_START: Mapping[str, Callable[[Path, Path, str, int], Recipe]] = {
    "fastapi": _script("fastapi_pandas.py"),
    "mlflow": _mlflow,
    "mlserver": _mlserver,
    "bentoml": _bentoml,
    "litserve": _script("litserve_server.py"),
    "ray-serve": _ray,
}
