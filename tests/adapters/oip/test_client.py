"""Endpoints are asked in data and answer in data; what they say of themselves must fit what was declared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx2
import numpy as np
import pyarrow as pa
import pytest
from tests.adapters.oip.servers import COLUMNS, SCORE, by_column, chance, joined, speaking
from tests.gateway.caller import Caller
from tests.gateway.papers.written import COLUMNS as GATEWAY_COLUMNS
from tests.gateway.papers.written import body
from tests.gateway.world import World

from muster.adapters.arrowlog.writer import ArrowLog
from muster.adapters.oip import fetching
from muster.adapters.oip.client import OipModel
from muster.columns.original.rows import Unscored, scored
from muster.gateway.app import Gateway
from muster.records.canonical import parse
from muster.records.data import Column, ColumnType
from muster.records.model import Endpoint

A, B = Column("a", ColumnType.NUMBER, nullable=True), Column("b", ColumnType.INTEGER)
HERE = Endpoint("http://127.0.0.1:9", "scorer")
TABLE = pa.table({"a": np.linspace(-2, 2, 2500), "b": np.arange(2500) % 5, "other": ["x"] * 2500})
WANTED = chance(TABLE["a"].to_numpy(), TABLE["b"].to_numpy())


def model(transport: Any, endpoint: Endpoint = HERE, **more: Any) -> OipModel:
    return OipModel(endpoint, more.pop("columns", (A, B)), more.pop("positive", 1), transport=transport, **more)


def test_columns_go_out_in_batches_and_scores_come_back() -> None:
    asked: list[int] = []

    def counted(body: Any) -> Any:
        asked.append(body["inputs"][0]["shape"][0])
        assert body["inputs"][1]["shape"] == [asked[-1], 1]
        return by_column(body)

    opened = model(speaking(COLUMNS, SCORE, counted))
    assert opened.probabilities(TABLE) == pytest.approx(WANTED, abs=1e-15)
    assert asked == [1000, 1000, 500]
    assert parse(opened.describe())["name"] == "scorer"


def test_one_input_may_take_all_columns_and_both_classes_may_be_answered() -> None:
    inputs = [{"name": "X", "datatype": "FP64", "shape": [-1, 2]}]
    outputs = [{"name": "p", "datatype": "FP32", "shape": [-1, 2]}]
    endpoint = Endpoint("http://localhost:9", "scorer", joined="X")
    transport = speaking(inputs, outputs, joined)
    assert model(transport, endpoint).probabilities(TABLE) == pytest.approx(WANTED, abs=1e-12)
    assert model(transport, endpoint, positive=0).probabilities(TABLE) == pytest.approx(1 - WANTED, abs=1e-12)


def test_the_row_that_the_endpoint_refuses_is_found_and_its_words_are_not_repeated() -> None:
    holed = TABLE.set_column(0, "a", pa.array([None if row == 1733 else 0.5 for row in range(2500)]))
    found = scored(model(speaking(COLUMNS, SCORE, by_column)).probabilities, holed)
    assert found == Unscored(1733, "http://127.0.0.1:9/v2/models/scorer/infer answered with status 400")


@pytest.mark.parametrize(
    ("endpoint", "said"),
    [
        (Endpoint("http://models.bank.example", "m"), "over plain http anybody on the way"),
        (Endpoint("ftp://127.0.0.1", "m"), "no address of a model server"),
        (Endpoint("https://user:word@models.bank.example", "m"), "no address of a model server"),
        (Endpoint("https://models.bank.example?x=1", "m"), "no address of a model server"),
        (Endpoint("models.bank.example", "m"), "no address of a model server"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused(endpoint: Endpoint, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        OipModel(endpoint, (A, B), 1)


def test_names_cannot_leave_the_path_of_the_model() -> None:
    seen: list[str] = []

    def handle(request: httpx2.Request) -> httpx2.Response:
        seen.append(request.url.raw_path.decode())
        return httpx2.Response(404)

    with pytest.raises(ValueError, match="status 404"):
        model(httpx2.MockTransport(handle), Endpoint("http://127.0.0.1:9", "../admin?x", "1/2")).describe()
    assert seen == ["/v2/models/..%2Fadmin%3Fx/versions/1%2F2"]


@pytest.mark.parametrize(
    ("inputs", "outputs", "more", "said"),
    [
        (COLUMNS[:1], SCORE, {}, "the endpoint reads a; declared as inputs are a, b"),
        (COLUMNS, [*SCORE, {**SCORE[0], "name": "z"}], {}, "which output holds the probabilities.*score, label, z"),
        (COLUMNS, [1], {}, "which output holds the probabilities"),
        (COLUMNS, SCORE, {"output": "p"}, "no output 'p': it has score, label"),
        ([{**COLUMNS[0], "datatype": "BYTES"}, COLUMNS[1]], SCORE, {}, "column 'a' is a number, .* takes BYTES"),
        (COLUMNS, SCORE, {"endpoint": Endpoint("http://127.0.0.1:9", "scorer", joined="X")}, "not one input 'X'"),
    ],
)
def test_a_model_that_reads_or_answers_something_else_is_refused(
    inputs: Any, outputs: Any, more: dict[str, Any], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        model(speaking(inputs, outputs, by_column), more.pop("endpoint", HERE), **more).describe()


@pytest.mark.parametrize(
    "content",
    [
        {"outputs": []},
        {"outputs": [{"name": "score", "shape": [2], "data": [0.5]}]},
        {"outputs": [{"name": "score", "shape": [2500]}]},
        {"outputs": [{"name": "score", "shape": [1, 3], "data": [0.1, 0.2, 0.3]}]},
        {"outputs": [{"name": "score", "shape": [1], "data": ["much"]}]},
        {"outputs": [{"name": "score", "shape": [1], "data": ["0.5"]}]},
        {"outputs": [{"name": "score", "shape": [1], "data": [True]}]},
        {"outputs": [{"name": "score", "shape": [1], "data": [10**400]}]},
        {"outputs": 5},
        {},
    ],
)
def test_an_answer_that_is_none_is_refused(content: Any) -> None:
    with pytest.raises(ValueError, match=r"answered without an output 'score'|has not one number for each row"):
        model(speaking(COLUMNS, SCORE, lambda _: (200, content))).probabilities(TABLE)


def test_redirects_are_not_followed_and_what_is_no_json_is_said() -> None:
    moved = httpx2.MockTransport(lambda _: httpx2.Response(307, headers={"location": "http://127.0.0.1:1/"}))
    with pytest.raises(ValueError, match="answered with status 307"):
        model(moved).describe()
    for text in ("hello", "[1]", "[" * 100_000):
        spoken = httpx2.MockTransport(lambda _, text=text: httpx2.Response(200, text=text))
        with pytest.raises(ValueError, match="no JSON object"):
            model(spoken).describe()
    silent = httpx2.MockTransport(lambda _: httpx2.Response(200, json={"name": "scorer"}))
    with pytest.raises(ValueError, match="does not say what the model reads"):
        model(silent).describe()


def test_an_endpoint_that_is_down_or_never_ends_is_no_row_s_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def down(_: httpx2.Request) -> httpx2.Response:
        msg = "refused"
        raise httpx2.ConnectError(msg)

    with pytest.raises(ConnectionError, match=r"cannot be reached or broke off \(ConnectError\)"):
        scored(model(httpx2.MockTransport(down)).probabilities, TABLE)
    monkeypatch.setattr(fetching, "LARGEST", 100)
    with pytest.raises(ConnectionError, match="more than 100 bytes"):
        model(speaking(COLUMNS, SCORE, by_column)).describe()


def test_our_own_gateway_is_asked_like_any_other(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.order(world.release())
    log = ArrowLog(tmp_path / "log")
    caller = Caller(Gateway(world.admissions(log).refresh(), lambda: world.now, print), [])

    def handle(request: httpx2.Request) -> httpx2.Response:
        status, answer = caller(request.method, request.url.path, request.content)
        return httpx2.Response(status, json=answer)

    given = {tensor["name"]: tensor["data"] for tensor in body(3)["inputs"]}
    _, wanted = caller.infer(body(3))
    scores = next(output["data"] for output in wanted["outputs"] if output["name"] == "score")
    endpoint = Endpoint("http://127.0.0.1:9", "loans")
    opened = OipModel(endpoint, GATEWAY_COLUMNS, 1, transport=httpx2.MockTransport(handle))
    assert json.loads(opened.describe())["platform"] == "muster_onnx"
    assert opened.probabilities(pa.table(given)).tolist() == scores
    strange = pa.table({**given, "job": ["clerk", "pilot", "smith"]})
    found = scored(opened.probabilities, strange)
    assert isinstance(found, Unscored)
    assert (found.row, found.reason.rpartition(" ")[2]) == (1, "422")
    log.close()
