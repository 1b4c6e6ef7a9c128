"""A model that does not compile is released, admitted and answered by its own library, and its worker may die."""

from __future__ import annotations

import os
import pickle  # noqa: TID251 - a model file is written here; only the worker loads it, by the list
import signal
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from tests.gateway.caller import Caller
from tests.gateway.papers.written import COLUMNS, RULE, Terms, body
from tests.gateway.world import World

from muster.adapters.arrowlog.writer import ArrowLog, Rolling
from muster.columns.explanation.header import Header
from muster.columns.explanation.sampling.reasons import pack_sampled
from muster.columns.explanation.sampling.references import references_of
from muster.columns.original.container import contain
from muster.gateway.app import Gateway
from muster.records.canonical import canonical, digest
from muster.records.codec import encode
from muster.records.model import Manifest, ModelFormat, Reading, Recipe
from muster.records.policy import Factor, ReasonMap
from muster.records.release import NamedDigest
from muster.wiring.carried.models import read_model

RNG = np.random.default_rng(0)
FRAME = pd.DataFrame(
    {
        "income": RNG.uniform(0, 90_000, 300),
        "months": RNG.integers(0, 400, 300).astype(float),
        "job": pd.Series(RNG.choice(["clerk", "smith", "weaver"], 300), dtype=object),
    }
)
NEIGHBOURS = make_pipeline(
    ColumnTransformer(
        [
            ("n", make_pipeline(SimpleImputer(), StandardScaler()), ["income", "months"]),
            ("t", OneHotEncoder(handle_unknown="ignore"), ["job"]),
        ]
    ),
    KNeighborsClassifier(9),
).fit(FRAME, (FRAME["income"] < 30_000).astype(int))
RAW = pickle.dumps(NEIGHBOURS)
MANIFEST = Manifest(
    Recipe("neighbours", tuple(column.name for column in COLUMNS), "default", 1, {}),
    RULE,
    tuple(COLUMNS),
    {"model.pkl": digest(RAW)},
    ModelFormat.PICKLE,
    Reading(1),
)


REASONS = ReasonMap(
    "why", "loans", (Factor("money", ("income",), "Income"), Factor("rest", ("months", "job"), "What else was said"))
)


def _explanation(served: str, mapped: str) -> bytes:
    """Explain by made-up references, as the control plane does it."""
    approved = pa.table({**FRAME.astype({"months": int}).to_dict("list")}).filter(pc.field("income") >= 30_000)
    references = references_of(approved, list(FRAME.columns))
    scores = NEIGHBOURS.predict_proba(references.to_pandas())[:, 1]
    return pack_sampled(Header(served, mapped, "sha256:d", approved.num_rows), len(REASONS.factors), references, scores)


class Foreign(World):
    """A world whose artifact is a container."""

    def artifact(self, *_: Any, **__: Any) -> bytes:
        return contain(MANIFEST, {"model.pkl": RAW})


def test_it_is_admitted_answers_exactly_and_comes_back_when_its_worker_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Terms, "manifest", property(lambda _: MANIFEST))
    world, told, log = Foreign(tmp_path), list[str](), ArrowLog(tmp_path / "log", Rolling(linger_s=0.0))
    deployment = world.release()
    mapped = world.outbox.put(canonical(encode(REASONS)))
    world.order(
        deployment,
        reasons=(NamedDigest("loans", mapped),),
        explanations=(NamedDigest("loans", world.outbox.put(_explanation(deployment.served, mapped))),),
    )
    table = world.admissions(log, read=read_model).refresh()
    assert "its own library runs it, in a worker without keys or network" in "\n".join(table.places["loans"].steps)
    caller = Caller(Gateway(table, lambda: world.now, told.append), told)

    asked = {"income": [20_000.0, 31_000.0, 80_000.0], "months": [12, None, 30], "job": ["clerk", "smith", "weaver"]}
    rows = pd.DataFrame({**asked, "months": [12.0, np.nan, 30.0], "job": pd.Series(asked["job"], dtype=object)})
    status, answer = caller.infer(body(3, **asked))
    assert (status, caller("GET", "/v2/models/loans")[1]["platform"]) == (200, "muster_original")
    scores = next(output["data"] for output in answer["outputs"] if output["name"] == "score")
    assert scores == NEIGHBOURS.predict_proba(rows)[:, 1].tolist()
    assert caller.infer(body(1, income=["much"]))[0] == 400

    (refused,) = FRAME[FRAME["income"] < 10_000].head(1).to_dict("records")
    given = [caller("POST", "/predict/loans", {**refused, "months": int(refused["months"])})[1] for _ in range(2)]
    assert [reason["code"] for reason in given[0]["reasons"]] == [reason["code"] for reason in given[1]["reasons"]]
    assert given[0]["reasons"][0]["code"] == "money"

    os.kill(_worker(), signal.SIGKILL)
    assert caller.infer(body())[0] == 503
    deadline = time.monotonic() + 60
    while (status := caller.infer(body())[0]) == 503 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert status == 200
    log.close()


def _worker() -> int:
    """Return the process that serves, a child of this one."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            line = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if parent == os.getpid() and b"muster.wiring.inside.answering" in line:
            return int(entry.name)
    pytest.fail("no worker runs")
