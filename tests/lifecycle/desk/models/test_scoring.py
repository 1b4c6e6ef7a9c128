"""Models that do not score every row, and models that answer elsewhere, from registration to the evidence."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any, ClassVar

import numpy as np
import pytest
from tests.lifecycle.foreign import Unwalled, declared
from tests.walk import INPUTS, USE_CASE, Walked

from muster.lifecycle.desk.models.scoring import score
from muster.records.decision import Finding
from muster.records.evidence import Outcome
from muster.records.model import ModelFormat, ModelVersion, Run


class Scorer(BaseHTTPRequestHandler):
    """A model server as others write them: it throws on a limit of 240,000 where it is told to."""

    throws: ClassVar[bool] = False
    described: ClassVar[dict[str, Any]] = {
        "name": "scorer",
        "versions": ["7"],
        "inputs": [{"name": name, "datatype": "FP64", "shape": [-1, 1]} for name in INPUTS],
        "outputs": [{"name": "score", "datatype": "FP64", "shape": [-1]}],
    }

    def do_GET(self) -> None:
        self.reply(200 if self.path == "/v2/models/scorer" else 404, self.described)

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        given = {tensor["name"]: np.array(tensor["data"]) for tensor in asked["inputs"]}
        if self.throws and (given["LIMIT_BAL"] == 240_000).any():
            self.reply(500, {"error": "no such limit"})
            return
        scores = 1 / (1 + np.exp(1.4 - given["PAY_0"] + given["LIMIT_BAL"] / 1e6))
        named = {"name": "score", "datatype": "FP64", "shape": [len(scores)], "data": scores.tolist()}
        self.reply(200, {"model_name": "scorer", "outputs": [named]})

    def reply(self, status: int, content: Any) -> None:
        raw = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(Scorer, "throws", False)
    with HTTPServer(("127.0.0.1", 0), Scorer) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def registered(walked: Walked, url: str) -> ModelVersion:
    walked.opened.append(replace(walked.house, executor=Unwalled()))
    endpoint = {"url": url, "model": "scorer", "version": "", "joined": ""}
    declaration = {**declared(ModelFormat.OIP), "endpoint": endpoint}
    asked = {"use_case": USE_CASE, "model": "elsewhere", "training": walked.parts["training"]}
    version: ModelVersion = walked.do("mia", "model register", **asked, declaration=declaration)
    return version


@pytest.mark.enable_socket
def test_a_model_at_an_endpoint_is_assessed_and_profiled_as_it_answers(walked: Walked, url: str) -> None:
    version = registered(walked, url)
    assert set(version.manifest.files) == {"endpoint.json"}
    run = walked.context().history(Run, f"run:{version.run}")[-1][1]
    assert 0.6 < run.metrics["training_auc"] < 0.8
    about = {"version": version.digest, "sample": walked.parts["held-out"]}
    found = walked.do("mia", "model assess", **about)
    assert {item.outcome for item in found.evidence} == {Outcome.MEASURED}
    walked.do("mia", "model profile", version=version.digest, sample=walked.parts["validation"])
    assert b"imported-oip" in walked.do("mia", "model report", version=version.digest).content
    with pytest.raises(ValueError, match="a model at an endpoint cannot be compiled"):
        walked.do("mia", "model compile", **about)


@pytest.mark.enable_socket
def test_a_row_that_makes_the_model_throw_is_named_in_the_evidence_and_the_gate_takes_it_for_not_met(
    walked: Walked, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = registered(walked, url)
    monkeypatch.setattr(Scorer, "throws", True)
    found = walked.do("mia", "model assess", version=version.digest, sample=walked.parts["held-out"])
    assert {item.outcome for item in found.evidence} == {Outcome.NOT_MEASURED}
    assert all(item.reason.startswith("the model cannot score row ") for item in found.evidence)
    assert all(item.reason.endswith("answered with status 500") for item in found.evidence)
    kept = walked.do("ana", "model evidence", version=version.digest)
    assert kept == found.evidence
    asked = walked.do("mia", "gate ask", version=version.digest)
    findings = {reason.demand: reason.finding for reason in asked.reasons}
    assert findings["discrimination"] is Finding.NOT_MEASURED
    with pytest.raises(ValueError, match="the model cannot score row"):
        walked.do("mia", "model profile", version=version.digest, sample=walked.parts["validation"])


@pytest.mark.enable_socket
def test_an_endpoint_that_says_something_else_is_another_model(
    walked: Walked, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = registered(walked, url)
    monkeypatch.setattr(Scorer, "described", {**Scorer.described, "versions": ["8"]})
    rows = walked.house.blobs.get(walked.parts["held-out"])
    with pytest.raises(ValueError, match="says something else of its model than when it was registered"):
        score(walked.context(), version.manifest, rows)


def test_a_house_that_asks_no_endpoint_says_so(walked: Walked) -> None:
    walked.opened.append(replace(walked.house, remote=None))
    with pytest.raises(ValueError, match="this house asks none"):
        registered(walked, "https://models.bank.example")
