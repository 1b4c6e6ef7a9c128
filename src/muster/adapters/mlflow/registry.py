"""MLflow as registry: runs with their parameters and metrics, models with their files, versions with their tags."""

from __future__ import annotations

import json
import re
import tempfile
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from muster.adapters.mlflow import client, layout
from muster.ports.registry import Held
from muster.records.canonical import digest

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import LoggedModel

RUN = "mlflow:"
"""What references of runs and versions begin with: ``mlflow:RUN_ID`` and ``mlflow:NAME/NUMBER``."""

MOST_PARAMETERS = 100
MOST_METRICS = 1000
LONGEST = 6000
"""Limits of one ``log_batch`` call, and of a parameter's text; the ledger has every parameter in full."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]*")


class MlflowRegistry:
    """Tracking and model registry in any MLflow store.

    Parameters
    ----------
    uri
        ``sqlite:///FILE`` (files then lie beside it, in ``artifacts``), or the address of a tracking server.
    trusted
        Types that a reader of these models may let skops build. Those that a model holds go into its ``MLmodel``.
    """

    def __init__(self, uri: str, trusted: Collection[str] = ()) -> None:
        self._uri = uri
        self._trusted = frozenset(trusted)
        self._made: MlflowClient | None = None
        self._lock = threading.Lock()

    def track(
        self,
        experiment: str,
        run_name: str,
        parameters: Mapping[str, Any],
        metrics: Mapping[str, float],
        tags: Mapping[str, str],
    ) -> str:
        """Log a finished run and return its reference; raise OSError if the store does not take it."""
        store = self._client()
        with client.failures(self._uri):
            made = store.create_run(self._experiment(experiment), run_name=run_name, tags=dict(tags)).info
            run: str = made.run_id
            try:
                self._log(run, made.start_time, parameters, metrics)
            except BaseException:
                store.set_terminated(run, "FAILED")
                raise
            store.set_terminated(run, "FINISHED")
        return f"{RUN}{run}"

    def register(self, model: str, run: str, files: Mapping[str, bytes], tags: Mapping[str, str]) -> str:
        """Log the files as a model of a run, register it, and return the reference of its version.

        Nothing is deserialised: the files are copied, and ``MLmodel`` is written beside them. A skops file can be
        loaded by MLflow's scikit-learn flavour; other formats are kept there, and MLflow is told no way to load them.

        Raises
        ------
        ValueError
            If there is no model among the files, or a name cannot be used.
        OSError
            If the store does not take it.
        """
        for name in (model, *files):
            if not _NAME.fullmatch(name) or name in {"MLmodel", "requirements.txt", "python_env.yaml"}:
                msg = f"{name!r} cannot name a model or its file in MLflow: use letters, digits, '.', '_' and '-'"
                raise ValueError(msg)
        if not any(name.startswith("model.") or name == layout.ENDPOINT for name in files):
            held = ", ".join(files) or "nothing"
            msg = f"a model to register must hold {layout.ESTIMATOR} or another model; it holds {held}"
            raise ValueError(msg)
        if layout.ESTIMATOR in files:
            layout.types_in(files[layout.ESTIMATOR])
        with client.failures(self._uri):
            logged = self._store(model, run.removeprefix(RUN), files, tags)
            return self._version(model, run.removeprefix(RUN), logged, tags)

    def find(self, tag: str, value: str) -> tuple[str, ...]:
        """Return references of the versions that carry a tag, oldest first: how an unfinished registration is found."""
        store = self._client()
        with client.failures(self._uri):
            versions = list(_pages(lambda token: store.search_model_versions(_filter(tag, value), page_token=token)))
        versions.sort(key=lambda version: (version.creation_timestamp, int(version.version)))
        return tuple(f"{RUN}{version.name}/{version.version}" for version in versions)

    def find_runs(self, tag: str, value: str) -> tuple[str, ...]:
        """Return references of the finished runs that carry a tag, oldest first."""
        store = self._client()
        with client.failures(self._uri):
            places = [found.experiment_id for found in _pages(lambda token: store.search_experiments(page_token=token))]
            wanted = f"{_filter(tag, value)} and attributes.status = 'FINISHED'"
            order = ["attributes.start_time ASC"]
            runs = _pages(lambda token: store.search_runs(places, wanted, order_by=order, page_token=token))
            return tuple(f"{RUN}{run.info.run_id}" for run in runs)

    def holds(self, model: str, run: str, tag: str) -> Held | None:
        """Return what the store holds of a version and its run at this moment; files are read, and never loaded."""
        if not (model.startswith(RUN) and run.startswith(RUN)):
            return None
        from mlflow.artifacts import download_artifacts

        store, (name, _, number) = self._client(), model.removeprefix(RUN).rpartition("/")
        with client.failures(self._uri), client.missing(model), tempfile.TemporaryDirectory() as folder:
            version = store.get_model_version(name, number)
            metrics = store.get_run(run.removeprefix(RUN)).data.metrics
            place = Path(download_artifacts(artifact_uri=version.source, dst_path=folder, tracking_uri=self._uri))
            files = {path.relative_to(place).as_posix(): path for path in place.rglob("*") if path.is_file()}
            return Held(
                version.tags.get(tag, ""), {known: digest(path.read_bytes()) for known, path in files.items()}, metrics
            )

    def _client(self) -> MlflowClient:
        with self._lock:
            if self._made is None:
                self._made = client.connect(self._uri)
            return self._made

    def _experiment(self, name: str) -> str:
        store = self._client()
        if found := store.get_experiment_by_name(name):
            return str(found.experiment_id)
        folder = client.folder_of(self._uri)
        location = (folder / "artifacts" / name).as_uri() if folder else None
        try:
            return str(store.create_experiment(name, artifact_location=location))
        except Exception:
            # Another process may have made it in this moment; if not, the first error stands.
            if found := store.get_experiment_by_name(name):
                return str(found.experiment_id)
            raise

    def _log(self, run: str, at: int, parameters: Mapping[str, Any], metrics: Mapping[str, float]) -> None:
        from mlflow.entities import Metric, Param

        params = [Param(name, str(value)[:LONGEST]) for name, value in parameters.items()]
        figures = [Metric(name, float(value), at, 0) for name, value in metrics.items()]
        batches = max(-(-len(params) // MOST_PARAMETERS), -(-len(figures) // MOST_METRICS))
        for batch in range(batches):
            self._client().log_batch(
                run,
                metrics=figures[batch * MOST_METRICS : (batch + 1) * MOST_METRICS],
                params=params[batch * MOST_PARAMETERS : (batch + 1) * MOST_PARAMETERS],
            )

    def _store(self, model: str, run: str, files: Mapping[str, bytes], tags: Mapping[str, str]) -> LoggedModel:
        from mlflow.entities import LoggedModelOutput

        store = self._client()
        kind = "sklearn" if layout.ESTIMATOR in files else layout.KEPT
        logged = store.create_logged_model(
            store.get_run(run).info.experiment_id, name=model, source_run_id=run, tags=dict(tags), model_type=kind
        )
        try:
            with tempfile.TemporaryDirectory() as folder:
                described = layout.descriptor(
                    files,
                    run=run,
                    model_id=logged.model_id,
                    location=logged.artifact_location,
                    trusted=self._trusted,
                    at=logged.creation_timestamp,
                )
                layout.write_model(Path(folder), files, described, layout.requirements() if kind == "sklearn" else ())
                store.log_model_artifacts(logged.model_id, folder)
            store.log_outputs(run, [LoggedModelOutput(logged.model_id, 0)])
        except BaseException:
            store.finalize_logged_model(logged.model_id, "FAILED")
            raise
        return store.finalize_logged_model(logged.model_id, "READY")

    def _version(self, model: str, run: str, logged: LoggedModel, tags: Mapping[str, str]) -> str:
        from mlflow.exceptions import MlflowException

        store = self._client()
        try:
            store.create_registered_model(model)
        except MlflowException as fault:
            if fault.error_code != "RESOURCE_ALREADY_EXISTS":
                raise
        # The place of the files, not models:/ID: MLflow would look that up in the tracking store of the whole process.
        made = store.create_model_version(
            model, source=logged.artifact_location, run_id=run, tags=dict(tags), model_id=logged.model_id
        )
        # The store keeps no link from a logged model to its versions; MLflow's own pages read it from this tag.
        link = json.dumps([{"name": model, "version": made.version}])
        store.set_logged_model_tags(logged.model_id, {"mlflow.modelVersions": link})
        return f"{RUN}{model}/{made.version}"


def _filter(tag: str, value: str) -> str:
    if "`" in tag or "'" in value:
        msg = f"cannot search MLflow for tag {tag!r} with value {value!r}: quotes cannot be asked for"
        raise ValueError(msg)
    return f"tags.`{tag}` = '{value}'"


def _pages(ask: Callable[[str | None], Any]) -> Iterator[Any]:
    token: str | None = None
    while True:
        page = ask(token)
        yield from page
        token = page.token
        if not token:
            return
