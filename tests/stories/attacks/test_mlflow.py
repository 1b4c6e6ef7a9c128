"""The attacker has the MLflow store: its database, and the files of models. A real one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from muster.adapters.mlflow.registry import MlflowRegistry
from muster.adapters.sklearn.trusted import TYPES
from muster.lifecycle.desk.context import Context, Identity
from muster.lifecycle.desk.tracking import TAG, compare
from muster.records.model import ModelVersion, Run

if TYPE_CHECKING:
    from tests.walk import Walked


@pytest.fixture
def context(walked: Walked) -> Context:
    """The walked version, registered in a real MLflow as training does it."""
    folder = walked.home / "mlflow"
    registry = MlflowRegistry(f"sqlite:///{folder / 'mlflow.db'}", trusted=TYPES)
    house = replace(walked.house, registry=registry)
    context = replace(walked.context("mia"), house=house)
    version, run = context.history(ModelVersion)[-1][1], context.history(Run)[-1][1]
    tracking = registry.track(version.use_case, run.id, {}, run.metrics, {TAG: version.digest})
    files = {name: house.blobs.get(kept) for name, kept in version.manifest.files.items()}
    reference = registry.register(version.model, tracking, files, {TAG: version.digest})
    context.record(replace(run, tracking=tracking), replace(version, registry=reference))
    return Context(house, Identity("system", frozenset()), lambda _: None)


def sql(walked: Walked, statement: str, *values: str) -> None:
    with closing(sqlite3.connect(walked.home / "mlflow" / "mlflow.db")) as database, database:
        assert database.execute(statement, values).rowcount, statement


def test_moving_an_alias_editing_a_run_and_swapping_or_deleting_files_gain_nothing_and_are_told(
    walked: Walked, context: Context
) -> None:
    assert compare(context) == ()
    assert walked.alerts() == []
    gateway = walked.gateway()
    assert gateway.refresh().serving(walked.clock()) == ("credit",)
    (reference,) = context.house.registry.find(TAG, walked.version)
    registry = context.house.registry
    other = registry.register("credit", registry.track("x", "x", {}, {}, {}), {"model.skops": _bytes(walked)}, {})
    store = MlflowRegistry(f"sqlite:///{walked.home / 'mlflow' / 'mlflow.db'}")._client()
    for target in (reference, other):
        store.set_registered_model_alias("credit", "champion", target.rpartition("/")[2])
    assert compare(context) == (), "an alias means nothing here"

    sql(walked, "UPDATE latest_metrics SET value = value + 0.1")
    sql(walked, "UPDATE model_version_tags SET value = ? WHERE key = ?", "sha256:" + "0" * 64, TAG)
    for path in Path(walked.home / "mlflow").rglob("model.skops"):
        path.write_bytes(b"another model")
    (said,) = compare(context)
    assert said.startswith(f"{reference} is not what was registered as {walked.version}: the files ")
    assert "model.skops were exchanged; its run says something else of " in said
    assert said.count("it says that it is another version") == 1
    assert "What is served does not come from there" in said
    assert walked.alerts() == ["registry-changed"]

    served = walked.do("omar", "deployment set", name="credit", version=walked.version)
    assert served.deployments[0].served == walked.served
    walked.do("mia", "model compile", version=walked.version, sample=walked.parts["held-out"])
    assert gateway.refresh().serving(walked.clock()) == ("credit",)

    for table in ("model_version_tags", "model_versions"):
        sql(walked, f"DELETE FROM {table} WHERE version = 1")  # noqa: S608 - two names, above
    (said,) = compare(context)
    assert f"{reference} is not in MLflow any more" in said


def _bytes(walked: Walked) -> bytes:
    version = walked.context().history(ModelVersion)[0][1]
    return walked.house.blobs.get(version.manifest.files["model.skops"])
