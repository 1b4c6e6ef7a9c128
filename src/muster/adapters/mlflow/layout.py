"""The files of an MLflow model around ours, written without opening the model."""

from __future__ import annotations

import io
import json
import platform
import zipfile
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

ESTIMATOR = "model.skops"
"""File of the trained estimator, as MLflow's own scikit-learn flavour calls it."""

ENDPOINT = "endpoint.json"
"""File of a model that answers elsewhere: what its endpoint says of it."""

KEPT = "muster"
"""Flavour of models that MLflow keeps and cannot load: it says which files there are."""

DISTRIBUTIONS = ("mlflow", "numpy", "scikit-learn", "scipy", "skops")
"""What somebody needs to load the model with MLflow; inferring it would load the model, and take half a minute."""


def requirements() -> tuple[str, ...]:
    """Return exact pip requirements from what is installed here."""
    return tuple(f"{name}=={version(name)}" for name in DISTRIBUTIONS)


def types_in(estimator: bytes) -> frozenset[str]:
    """Return the types that a skops file names, reading its schema as JSON; raise ValueError if it is no skops file."""
    try:
        with zipfile.ZipFile(io.BytesIO(estimator)) as archive:
            schema = json.loads(archive.read("schema.json"))
    except (zipfile.BadZipFile, KeyError, ValueError) as fault:
        msg = f"{ESTIMATOR} is not a skops file ({fault}): train the model again"
        raise ValueError(msg) from None
    found: set[str] = set()
    waiting = [schema]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            if isinstance(item.get("__module__"), str) and isinstance(item.get("__class__"), str):
                found.add(f"{item['__module__']}.{item['__class__']}")
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
    return frozenset(found)


def descriptor(
    files: Mapping[str, bytes], *, run: str, model_id: str, location: str, trusted: Collection[str], at: int
) -> dict[str, Any]:
    """Return the content of ``MLmodel``: scikit-learn and python_function flavours of a skops file.

    Of another format only the files are named. Of the trusted types only those are named that the file holds, so that
    the list stays exact. ``at`` is in milliseconds since 1970, as MLflow counts.
    """
    return {
        "artifact_path": location,
        "flavors": _loadable(files, trusted) if ESTIMATOR in files else {KEPT: {"files": sorted(files)}},
        "mlflow_version": version("mlflow"),
        "model_id": model_id,
        "model_size_bytes": sum(map(len, files.values())),
        "model_uuid": model_id,
        "run_id": run,
        "utc_time_created": datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S.%f"),
    }


def _loadable(files: Mapping[str, bytes], trusted: Collection[str]) -> dict[str, Any]:
    return {
        "python_function": {
            "env": {"virtualenv": "python_env.yaml"},
            "loader_module": "mlflow.sklearn",
            "model_path": ESTIMATOR,
            "predict_fn": "predict",
            "python_version": platform.python_version(),
        },
        "sklearn": {
            "pickled_model": ESTIMATOR,
            "serialization_format": "skops",
            "sklearn_version": version("scikit-learn"),
            "skops_trusted_types": sorted(types_in(files[ESTIMATOR]) & frozenset(trusted)),
        },
    }


def write_model(folder: Path, files: Mapping[str, bytes], described: Mapping[str, Any], needs: Sequence[str]) -> None:
    """Write the model's files, ``MLmodel`` and the environment that loads it."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
    environment = {"python": platform.python_version(), "dependencies": ["-r requirements.txt"]}
    (folder / "MLmodel").write_text(yaml.safe_dump(dict(described)), encoding="utf-8")
    (folder / "requirements.txt").write_text("\n".join(needs) + "\n", encoding="utf-8")
    (folder / "python_env.yaml").write_text(yaml.safe_dump(environment), encoding="utf-8")
