"""The folder of an MLflow model, handed in as a zip: its data file and what reads it, without MLflow's own loaders.

An MLflow model may name any module to load it and may bring code; whoever loads it the way it asks runs that. Here the
file ``MLmodel`` only says where the data file is: four flavours are known whose data we read ourselves.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final

import yaml

from muster.records.model import ModelFormat

DESCRIPTION: Final = "MLmodel"
LARGEST: Final = 2**30
MOST_FILES: Final = 1000
_LONGEST: Final = 2**20

LOADERS: Final = {
    "mlflow.sklearn": "sklearn",
    "mlflow.xgboost": "xgboost",
    "mlflow.lightgbm": "lightgbm",
    "mlflow.onnx": "onnx",
}
"""Loader modules that are known, and the flavour whose data file we read in their stead."""


@dataclass(frozen=True, slots=True)
class Inside:
    """What an MLflow model's folder really holds."""

    format: ModelFormat
    content: bytes
    name: str
    """Of the data file, in the zip."""


def opened(raw: bytes) -> Inside:
    """Return the data file of an MLflow model and the format in which we read it.

    What else is in the folder is not looked at: requirements are not installed, and the list of trusted types that the
    artifact brings is not believed.

    Raises
    ------
    ValueError
        Where the bytes are no zip of such a folder, or its flavour is not known.
    PermissionError
        Where it brings code, or names a loader of its own.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
        sizes = {member.filename: member.file_size for member in archive.infolist() if not member.is_dir()}
    except zipfile.BadZipFile as error:
        msg = f"not a zip file ({error}): hand in the folder of the MLflow model as one zip"
        raise ValueError(msg) from None
    if len(sizes) > MOST_FILES or sum(sizes.values()) > LARGEST:
        msg = f"the zip holds {len(sizes)} files of {sum(sizes.values())} bytes: at most {MOST_FILES} of {LARGEST}"
        raise ValueError(msg)
    described = min((name for name in sizes if PurePosixPath(name).name == DESCRIPTION), key=len, default="")
    if not described or described.count("/") > 1:
        msg = f"the zip holds no {DESCRIPTION} in its top folder: is it the folder of an MLflow model?"
        raise ValueError(msg)
    top = described.removesuffix(DESCRIPTION)
    flavors = _flavors(_read(archive, described, _LONGEST))
    _require_no_code(flavors, [name.removeprefix(top) for name in sizes])
    format_, data = _data(flavors)
    name = str(PurePosixPath(top) / data)
    if ".." in PurePosixPath(data).parts or data.startswith("/") or name not in sizes:
        msg = f"{DESCRIPTION} says that the model is in {data!r}, which the zip does not hold"
        raise ValueError(msg)
    return Inside(format_, _read(archive, name, LARGEST), name)


def _flavors(raw: bytes) -> Mapping[str, Mapping[str, Any]]:
    try:
        text = raw.decode()
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.SafeLoader)):
            msg = f"{DESCRIPTION} uses an alias, which MLflow never writes"
            raise ValueError(msg)
        described = yaml.safe_load(text)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        msg = f"{DESCRIPTION} is not YAML: {str(error).splitlines()[0]}"
        raise ValueError(msg) from None
    flavors = described.get("flavors") if isinstance(described, dict) else None
    if not isinstance(flavors, dict) or not all(isinstance(flavor, dict) for flavor in flavors.values()):
        msg = f"{DESCRIPTION} names no flavors: is it the folder of an MLflow model?"
        raise ValueError(msg)
    return flavors


def _require_no_code(flavors: Mapping[str, Mapping[str, Any]], names: list[str]) -> None:
    if bringing := sorted(name for name, flavor in flavors.items() if flavor.get("code")):
        _refuse(f"its flavour {bringing[0]} brings code, which would run")
    if code := sorted(name for name in names if name.endswith((".py", ".pyc", ".so")) or name.startswith("code/")):
        _refuse(f"it holds code ({code[0][:100]}), which would run")
    loader = flavors.get("python_function", {}).get("loader_module")
    if not isinstance(loader, str) or loader not in LOADERS:
        _refuse(f"it is to be loaded by {str(loader)[:100]!r}; known are {', '.join(LOADERS)}")


def _data(flavors: Mapping[str, Mapping[str, Any]]) -> tuple[ModelFormat, str]:
    name = LOADERS[flavors["python_function"]["loader_module"]]
    if name not in flavors:
        msg = f"{DESCRIPTION} has no flavour {name}, which its loader is for"
        raise ValueError(msg)
    flavor = flavors[name]
    data = flavor.get("pickled_model") if name == "sklearn" else flavor.get("data")
    if not isinstance(data, str):
        msg = f"{DESCRIPTION} does not say in which file the {name} model is"
        raise ValueError(msg)
    if data.endswith(".skops"):
        return ModelFormat.SKOPS, data
    if name == "sklearn" or data.endswith(".pkl"):  # also LightGBM's scikit-learn classes, by older releases
        return ModelFormat.PICKLE, data
    return ModelFormat(name), data


def _read(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    try:
        with archive.open(name) as file:
            content = file.read(most + 1)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
        msg = f"{name} cannot be read from the zip: {error}"
        raise ValueError(msg) from None
    if len(content) > most:
        msg = f"{name} has more than {most} bytes"
        raise ValueError(msg)
    return content


def _refuse(what: str) -> None:
    msg = f"the MLflow model is refused: {what}"
    raise PermissionError(msg)
