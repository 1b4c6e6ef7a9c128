"""A quiet MLflow client: no telemetry, no chatter, bounded retries, and errors without credentials."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlflow import MlflowClient

QUIET = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    "MLFLOW_LOGGING_LEVEL": "CRITICAL",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "30",
}
"""MLflow reads these when it is imported; what a user has set stays as it is, telemetry excepted. It logs each failure
with SQL and values before it raises it; we say it once, in words."""

_CREDENTIALS = re.compile(r"//[^/@\s]+@")


def connect(uri: str) -> MlflowClient:
    """Return a client of the store at ``uri``, making the folder of a SQLite file.

    The first import of MLflow takes about two seconds of processor time, making a new database two more.

    Raises
    ------
    OSError
        If the store cannot be reached or opened.
    """
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
    from mlflow import MlflowClient

    # MLflow 3.17 declares its tables with an option that SQLAlchemy 2.1 calls deprecated: nothing that a user can mend.
    warnings.filterwarnings("ignore", message="The ``noload`` loader strategy", category=DeprecationWarning)
    if folder := folder_of(uri):
        folder.mkdir(parents=True, exist_ok=True)
    with failures(uri):
        return MlflowClient(tracking_uri=uri, registry_uri=uri)


def folder_of(uri: str) -> Path | None:
    """Return the folder of a SQLite store, or None for stores elsewhere."""
    return Path(uri.removeprefix("sqlite:///")).absolute().parent if uri.startswith("sqlite:///") else None


def public(uri: str) -> str:
    """Return the URI, or text with URIs in it, without user names and passwords."""
    return _CREDENTIALS.sub("//", uri)


@contextmanager
def failures(uri: str) -> Iterator[None]:
    """Turn whatever MLflow and its drivers raise into OSError: where, and the first line of why."""
    from mlflow.exceptions import MlflowException
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except (MlflowException, SQLAlchemyError) as fault:
        # SQLAlchemy adds the statement and its values, and hints to programmers: what the driver said is enough.
        said = str(getattr(fault, "orig", None) or fault).partition("[SQL:")[0].strip()
        reason = public(said.splitlines()[-1]) if said else type(fault).__name__
        msg = f"MLflow at {public(uri)}: {reason}; nothing was lost here, try again when that is mended"
        raise OSError(msg) from fault


@contextmanager
def missing(reference: str) -> Iterator[None]:
    """Turn into LookupError what MLflow raises where it does not have what was asked for."""
    from mlflow.exceptions import MlflowException

    try:
        yield
    except MlflowException as fault:
        if fault.error_code != "RESOURCE_DOES_NOT_EXIST":
            raise
        msg = f"{reference} is not in MLflow any more"
        raise LookupError(msg) from fault
    except FileNotFoundError as fault:
        msg = f"the files of {reference} are not in MLflow's store any more"
        raise LookupError(msg) from fault
