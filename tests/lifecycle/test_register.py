"""Models that were trained elsewhere are registered, assessed and profiled as ours are, whatever they are made of."""

from __future__ import annotations

import pickle  # noqa: TID251 - written here as others write it, read by the code under test
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from tests.lifecycle.foreign import Unwalled, declared, made, matrix, upload
from tests.walk import ROWS, USE_CASE, Walked, policy

from muster.columns.tables import read_scores
from muster.lifecycle.desk.action import Upload
from muster.ports.executor import TaskFailed
from muster.records.canonical import canonical, digest
from muster.records.codec import encode
from muster.records.evidence import Outcome
from muster.records.model import DecisionRule, Favourable, ModelFormat, ModelVersion, Run
from muster.records.policy import Factor, ReasonMap, Requirement

KINDS = ("skops", "pickle", "joblib", "xgboost", "lightgbm", "onnx", "mlflow")
ORIGINAL = ("onnx",)
"""What its own library serves; all else is compiled."""


@pytest.fixture(autouse=True)
def _unwalled(walked: Walked) -> None:
    walked.opened.append(replace(walked.house, executor=Unwalled()))


def registered(walked: Walked, kind: str, **more: Any) -> ModelVersion:
    model = made(walked.house.blobs.get(walked.parts["training"]), kind)
    asked = {"use_case": USE_CASE, "model": f"foreign-{kind}", "training": walked.parts["training"]}
    asked |= {"declaration": declared(model.format), "artifact": upload(model)}
    version: ModelVersion = walked.do("mia", "model register", **{**asked, **more})
    return version


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("kind", KINDS)
def test_every_format_goes_from_registration_to_profile_and_report(walked: Walked, kind: str) -> None:
    version = registered(walked, kind)
    assert digest(canonical(encode(version.manifest))) == version.digest
    model = made(walked.house.blobs.get(walked.parts["training"]), kind)
    run = walked.context().history(Run, f"run:{version.run}")[-1][1]
    assert run.imported == "the scoring team, 2025"
    assert run.environment["isolation.network"] == "not denied"
    assert 0.65 < run.metrics["training_auc"] < 0.95

    held = walked.house.blobs.get(walked.parts["held-out"])
    files = {name: walked.house.blobs.get(kept) for name, kept in version.manifest.files.items()}
    asked = {"manifest": encode(version.manifest)}
    _, files_made = walked.house.executor.run("predict", asked, {**files, "rows.parquet": held}, lambda _: None)
    rows, _ = matrix(held)
    assert np.abs(read_scores(files_made["scores.npy"]) - model.scores(rows)).max() < 1e-6

    about = {"version": version.digest, "sample": walked.parts["held-out"]}
    found = walked.do("mia", "model assess", **about)
    assert {item.outcome for item in found.evidence} == {Outcome.MEASURED}
    auc = next(figure for item in found.evidence for figure in item.figures if figure.name == "auc")
    assert auc.n == round(ROWS * 0.3)
    profile = walked.do("mia", "model profile", version=version.digest, sample=walked.parts["validation"])
    assert profile.version == version.digest
    page = walked.do("mia", "model report", version=version.digest)
    assert b"imported" in page.content
    proof = walked.do("mia", "model compile", **about)
    assert (proof.decisions_differing, proof.rows > proof.adversarial_rows > 0) == (0, True)
    assert proof.largest_score_difference < (1e-6 if kind in ("xgboost", "onnx") else 1e-12)
    if kind in ORIGINAL:
        assert proof.original.startswith("muster cannot compile an ONNX graph of others")
        assert proof.engine.endswith(" in the gateway")
    else:
        assert (proof.original, proof.engine[:11]) == ("", "onnxruntime")


def test_what_is_not_declared_whole_is_refused_before_anything_is_kept(walked: Walked) -> None:
    model = made(walked.house.blobs.get(walked.parts["training"]), "xgboost")
    endpoint = {"url": "https://models.bank.example", "model": "m", "version": "", "joined": ""}
    beyond = encode(DecisionRule(1.7, Favourable.BELOW))
    before = walked.house.ledger.refresh()
    for more, said in (
        ({"artifact": None}, "the format xgboost needs the file"),
        ({"declaration": {**declared(model.format), "endpoint": endpoint}}, "no other format has one"),
        ({"declaration": declared(ModelFormat.OIP)}, "the format oip needs an endpoint"),
        ({"declaration": {**declared(ModelFormat.OIP), "endpoint": endpoint}}, "leave the artifact out"),
        ({"declaration": declared(ModelFormat.ONNX), "encodings": Upload("e", b"{}")}, "encodings go with xgboost"),
        ({"declaration": declared(model.format, origin=" ")}, "origin: say where"),
        ({"declaration": declared(model.format, inputs=())}, "name each column"),
        ({"declaration": declared(model.format, inputs=("SHOE",))}, "has no column SHOE"),
        ({"declaration": declared(model.format, positive=7)}, "has 7 as default-payment-next-month"),
        ({"declaration": {**declared(model.format), "decision": beyond}}, "threshold is 1.7: .* from 0 to 1"),
        ({"training": walked.parts["held-out"]}, "role held-out"),
    ):
        with pytest.raises(ValueError, match=said):
            registered(walked, "xgboost", **more)
    assert walked.house.ledger.refresh() == before


@pytest.mark.parametrize(
    ("content", "kind", "said"),
    [
        (b"\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x04true\x85R.", ModelFormat.PICKLE, r"names posix\.system"),
        (b"\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x04true\x85R.", ModelFormat.JOBLIB, r"names posix\.system"),
        (b"hello", ModelFormat.XGBOOST, "not XGBoost's UBJSON or JSON"),
        (b"hello", ModelFormat.PYFUNC, "not a zip file"),
    ],
)
def test_a_file_that_cannot_be_opened_is_not_registered(
    walked: Walked, content: bytes, kind: ModelFormat, said: str
) -> None:
    before = walked.house.ledger.refresh()
    with pytest.raises(TaskFailed, match=said):
        registered(walked, "xgboost", declaration=declared(kind), artifact=Upload("m", content))
    assert walked.house.ledger.refresh() == before


def test_a_graph_whose_original_comes_with_it_must_decide_as_that_does(walked: Walked) -> None:
    graph, before = (made(walked.house.blobs.get(walked.parts["training"]), kind) for kind in ("onnx", "pickle"))
    declaration = declared(ModelFormat.ONNX, original=ModelFormat.PICKLE)
    version = registered(walked, "onnx", model="pair", declaration=declaration, original=upload(before))
    assert version.manifest.made_from is not None
    about = {"version": version.digest, "sample": walked.parts["held-out"]}
    compilation = walked.do("mia", "model compile", **about)
    assert compilation.held_against == digest(before.content)
    assert compilation.engine.endswith("in the gateway")
    assert (compilation.decisions_differing, compilation.largest_score_difference < 1e-4) == (0, True)

    other = replace(before, content=made(walked.house.blobs.get(walked.parts["training"]), "joblib").content)
    with pytest.raises(ValueError, match=r"decides otherwise than the model it was made from on \d+ of 2,000"):
        registered(
            walked, "onnx", model="pair", original=upload(other),
            declaration=declared(ModelFormat.ONNX, original=ModelFormat.JOBLIB),
        )  # fmt: skip
    for kind, asked, what in (
        (ModelFormat.ONNX, None, "comes with its format"),
        (ModelFormat.ONNX, ModelFormat.ONNX, "a model that was trained, not onnx"),
        (ModelFormat.XGBOOST, ModelFormat.PICKLE, "goes with a graph"),
    ):
        with pytest.raises(ValueError, match=what):
            registered(
                walked,
                "onnx",
                declaration=declared(kind, original=asked),
                original=upload(before),
                artifact=upload(graph),
            )


def test_components_are_compiled_and_evidence_about_reasons_says_how_they_are_found(walked: Walked) -> None:
    rows, labels = matrix(walked.house.blobs.get(walked.parts["training"]))
    model = make_pipeline(StandardScaler(), PCA(3), LogisticRegression()).fit(rows, labels)
    raw = Upload("scorer.pkl", pickle.dumps(model))
    version = registered(walked, "pickle", model="components", artifact=raw)
    about = {"version": version.digest, "sample": walked.parts["held-out"]}
    assert not walked.do("mia", "model compile", **about).original
    factors = (Factor("late", ("PAY_0", "PAY_2"), "Late payments"), Factor("limit", ("LIMIT_BAL",), "Credit limit"))
    walked.context("ana").record(ReasonMap("reasons", USE_CASE, factors))
    walked.do("ana", "policy adopt", policy=encode(replace(policy(), requirements=(Requirement("reasons-faithful"),))))
    found = walked.do("mia", "model assess", **about)
    methods = [item.method for item in found.evidence if item.check.startswith("explanation.")]
    assert methods
    assert all("8 made-up applicants" in method for method in methods)
