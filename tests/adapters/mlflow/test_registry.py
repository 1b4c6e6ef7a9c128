import math
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import unquote

import mlflow
import numpy as np
import pytest
import yaml
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from muster.adapters.mlflow.registry import MlflowRegistry
from muster.adapters.sklearn.store import dump
from muster.adapters.sklearn.trusted import TYPES
from muster.records.canonical import digest

ROWS = np.random.default_rng(7).normal(size=(200, 3))
LABELS = (ROWS[:, 0] > 0).astype(int)
MODELS = {
    "linear": make_pipeline(StandardScaler(), LogisticRegression()).fit(ROWS, LABELS),
    "trees": HistGradientBoostingClassifier(max_iter=5).fit(ROWS, LABELS),
}


@pytest.fixture(scope="module")
def uri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One database for all tests of this file: making it takes seconds, and each test uses names of its own."""
    address = f"sqlite:///{tmp_path_factory.mktemp('a house') / 'mlflow' / 'mlflow.db'}"
    before = mlflow.get_tracking_uri()
    mlflow.set_tracking_uri(address)
    yield address
    mlflow.set_tracking_uri(before)


@pytest.fixture
def registry(uri: str) -> MlflowRegistry:
    return MlflowRegistry(uri, trusted=TYPES)


@pytest.mark.filterwarnings("ignore:.*Any type hint is inferred")  # MLflow's own, at the import of its loaders
@pytest.mark.parametrize("kind", MODELS)
def test_mlflow_itself_loads_what_was_registered(registry: MlflowRegistry, kind: str) -> None:
    run = registry.track("loading", kind, {}, {}, {})
    reference = registry.register(f"loading {kind}", run, {"model.skops": dump(MODELS[kind])}, {"muster.version": kind})
    assert reference == f"mlflow:loading {kind}/1"
    loaded = mlflow.sklearn.load_model(f"models:/loading {kind}/1")
    assert np.array_equal(loaded.predict_proba(ROWS), MODELS[kind].predict_proba(ROWS))
    assert np.array_equal(
        mlflow.pyfunc.load_model(f"models:/loading {kind}/1").predict(ROWS), MODELS[kind].predict(ROWS)
    )


def test_a_model_whose_types_nobody_vouched_for_does_not_load(uri: str) -> None:
    wary = MlflowRegistry(uri)
    wary.register("wary", wary.track("wary", "r", {}, {}, {}), {"model.skops": dump(MODELS["trees"])}, {})
    with pytest.raises(Exception, match="trusted"):
        mlflow.sklearn.load_model("models:/wary/1")


def test_a_run_is_tracked_as_it_was(registry: MlflowRegistry, uri: str) -> None:
    parameters = {f"p{place}": place for place in range(150)} | {"long": "x" * 10_000, "none": None}
    metrics = {"auc": 0.77, "undefined": math.nan} | {f"m{place}": float(place) for place in range(1200)}
    run = registry.track("tracking", "first", parameters, metrics, {"muster.version": "sha256:aa"})
    found = mlflow.MlflowClient(uri).get_run(run.removeprefix("mlflow:"))
    assert found.info.status == "FINISHED"
    assert found.info.run_name == "first"
    assert found.data.params["p149"] == "149"
    assert found.data.params["none"] == "None"
    assert len(found.data.params["long"]) == 6000
    assert found.data.metrics["auc"] == 0.77
    assert math.isnan(found.data.metrics["undefined"])
    assert len(found.data.metrics) == 1202
    assert found.data.tags["muster.version"] == "sha256:aa"


def test_a_version_is_linked_to_its_run_and_model(registry: MlflowRegistry, uri: str) -> None:
    run = registry.track("linking", "r", {}, {}, {})
    registry.register(
        "linked", run, {"model.skops": dump(MODELS["linear"]), "notes.txt": b"x"}, {"muster.version": "v"}
    )
    client = mlflow.MlflowClient(uri)
    (version,) = client.search_model_versions("name = 'linked'")
    assert version.tags == {"muster.version": "v"}
    assert f"mlflow:{version.run_id}" == run
    (output,) = client.get_run(version.run_id).outputs.model_outputs
    logged = client.get_logged_model(output.model_id)
    assert logged.status == "READY"
    assert logged.artifact_location == version.source
    assert {file.path for file in client.list_logged_model_artifacts(output.model_id)} == {
        "MLmodel",
        "model.skops",
        "notes.txt",
        "python_env.yaml",
        "requirements.txt",
    }


def test_a_model_of_another_format_is_kept_and_cannot_be_loaded_there(registry: MlflowRegistry, uri: str) -> None:
    run = registry.track("keeping", "r", {}, {}, {})
    files = {"model.ubj": b"{L", "encodings.json": b"{}"}
    assert registry.register("kept", run, files, {}) == "mlflow:kept/1"
    client = mlflow.MlflowClient(uri)
    (version,) = client.search_model_versions("name = 'kept'")
    folder = Path(unquote(version.source.removeprefix("file://")))
    assert (folder / "model.ubj").read_bytes() == b"{L"
    described = yaml.safe_load((folder / "MLmodel").read_text())
    assert described["flavors"] == {"muster": {"files": ["encodings.json", "model.ubj"]}}
    assert (folder / "requirements.txt").read_text().strip() == ""


def test_an_unfinished_registration_is_found_again(registry: MlflowRegistry) -> None:
    runs = [registry.track(f"finding {place}", "r", {}, {}, {"muster.version": "lost"}) for place in (1, 2)]
    files = {"model.skops": dump(MODELS["linear"])}
    versions = [registry.register("found", run, files, {"muster.version": "lost"}) for run in runs]
    assert registry.find("muster.version", "lost") == tuple(versions)
    assert registry.find_runs("muster.version", "lost") == tuple(runs)
    assert registry.find("muster.version", "never") == ()
    assert registry.find_runs("muster.version", "never") == ()


def test_many_threads_number_versions_without_gaps(registry: MlflowRegistry) -> None:
    files = {"model.skops": dump(MODELS["linear"])}
    with ThreadPoolExecutor(4) as pool:
        runs = list(pool.map(lambda place: registry.track("crowd", str(place), {}, {}, {}), range(6)))
        references = set(pool.map(lambda run: registry.register("crowd", run, files, {}), runs))
    assert references == {f"mlflow:crowd/{place}" for place in range(1, 7)}


@pytest.mark.parametrize(
    ("model", "files", "fault"),
    [
        ("m", {"notes.txt": b"x"}, r"must hold model\.skops or another model; it holds notes\.txt"),
        ("m", {}, "it holds nothing"),
        ("m", {"model.skops": b"no zip"}, "not a skops file"),
        ("a/b", {"model.skops": b"x"}, "'a/b' cannot name a model"),
        ("m", {"../up": b"x", "model.skops": b"x"}, "'../up' cannot name a model"),
        ("m", {"MLmodel": b"x", "model.skops": b"x"}, "'MLmodel' cannot name a model"),
    ],
)
def test_what_is_no_model_is_refused_before_anything_is_logged(
    registry: MlflowRegistry, model: str, files: dict[str, bytes], fault: str
) -> None:
    with pytest.raises(ValueError, match=fault):
        registry.register(model, "mlflow:none", files, {})


def test_an_unknown_run_is_an_os_error_that_names_the_store(registry: MlflowRegistry) -> None:
    with pytest.raises(OSError, match=r"MLflow at sqlite:.*mlflow\.db: Run with id=none not found"):
        registry.register("m", "mlflow:none", {"model.skops": dump(MODELS["linear"])}, {})


def test_a_run_that_cannot_be_logged_is_marked_failed(registry: MlflowRegistry, uri: str) -> None:
    with pytest.raises(OSError, match="Invalid"):
        registry.track("failing", "r", {"a\nb": 1}, {}, {})
    client = mlflow.MlflowClient(uri)
    (run,) = client.search_runs([client.get_experiment_by_name("failing").experiment_id])
    assert run.info.status == "FAILED"
    assert registry.find_runs("mlflow.runName", "r")
    assert f"mlflow:{run.info.run_id}" not in registry.find_runs("mlflow.runName", "r")


def test_quotes_are_not_smuggled_into_a_search(registry: MlflowRegistry) -> None:
    with pytest.raises(ValueError, match="quotes cannot be asked for"):
        registry.find("muster.version", "x' or '1' = '1")


def test_nothing_is_written_where_the_process_happens_to_be(
    registry: MlflowRegistry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    registry.register("quiet", registry.track("quiet", "r", {}, {}, {}), {"model.skops": dump(MODELS["linear"])}, {})
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - names are what is compared
    assert capfd.readouterr() == ("", "")


def test_what_is_held_under_a_reference_is_told_by_digest_and_what_is_gone_is_missed(registry: MlflowRegistry) -> None:
    content = dump(MODELS["linear"])
    run = registry.track("held", "r", {}, {"auc": 0.5}, {})
    model = registry.register("held", run, {"model.skops": content}, {"muster.version": "v"})
    held = registry.holds(model, run, "muster.version")
    assert held is not None
    assert (held.tag, held.files["model.skops"], held.metrics) == ("v", digest(content), {"auc": 0.5})
    assert registry.holds("elsewhere:held/1", run, "muster.version") is None
    with pytest.raises(LookupError, match="mlflow:held/9 is not in MLflow any more"):
        registry.holds("mlflow:held/9", run, "muster.version")
