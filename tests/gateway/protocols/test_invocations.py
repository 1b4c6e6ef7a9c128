from __future__ import annotations

import io
import json
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mlflow.deployments import PredictionsResponse
from mlflow.utils.proto_json_utils import dump_input_data
from tests.gateway.caller import Caller
from tests.gateway.papers.written import COLUMNS, body
from tests.gateway.world import World

from muster.adapters.arrowlog.writer import ArrowLog
from muster.gateway.app import Gateway
from muster.gateway.decided import Decided
from muster.gateway.protocols.invocations import _write
from muster.ports.log import Stream

FRAME = pd.DataFrame({"income": [30_000.0, 90_000.0], "months": [12, 24], "job": ["clerk", "smith"]})
RECORDS = FRAME.to_dict(orient="records")
SPLIT = FRAME.to_dict(orient="split")


def parquet(frame: pd.DataFrame, **options: Any) -> bytes:
    buffer = io.BytesIO()
    frame.to_parquet(buffer, **options)
    return buffer.getvalue()


def scores(caller: Caller) -> list[float]:
    answer = caller.infer(body(2, income=[30_000.0, 90_000.0], months=[12, 24], job=["clerk", "smith"]))[1]
    return list(answer["outputs"][0]["data"])


@pytest.mark.parametrize(
    "content",
    [
        {"dataframe_split": SPLIT},
        {"dataframe_split": {"columns": list(FRAME)[::-1], "data": [row[::-1] for row in SPLIT["data"]]}},
        {"dataframe_records": RECORDS},
        {"instances": RECORDS},
        {"inputs": RECORDS},
        {"inputs": FRAME.to_dict(orient="list"), "params": {}},
    ],
)
def test_every_form_of_json_is_read(caller: Caller, content: Any) -> None:
    status, answer = caller("POST", "/invocations", content, content_type="application/json; charset=utf-8")
    assert status == 200
    assert list(answer) == ["predictions"]
    assert [each["score"] for each in answer["predictions"]] == scores(caller)


def test_files_that_pandas_writes_are_read(caller: Caller) -> None:
    expected = scores(caller)
    for kind, content in (
        ("text/csv", FRAME.to_csv(index=False).encode()),
        ("application/vnd.apache.parquet", parquet(FRAME)),
        ("application/vnd.apache.parquet", parquet(FRAME.astype({"job": "category"}), compression=None)),
    ):
        status, answer = caller("POST", "/invocations", content, content_type=kind)
        assert status == 200, answer
        assert [each["score"] for each in answer["predictions"]] == expected


def test_mlflows_own_client_reads_the_answer(world: World, log: ArrowLog, caller: Caller) -> None:
    holed = FRAME.assign(months=[12.0, float("nan")])  # so does pandas hold whole numbers where one is missing
    for frame in (FRAME, holed):
        status, answer = caller(
            "POST", "/invocations", dump_input_data(frame).encode(), content_type="application/json"
        )
        assert status == 200
        told = PredictionsResponse.from_json(json.dumps(answer)).get_predictions()
        assert len(told) == 2
        assert {"decision_id", "score", "decision", "favourable", "model_version", "guards"} <= set(told)
    log.flush()
    assert [row["input.months"] for row in world.logged()] == [12, 24, 12, None]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"months": 67.5}, "months"),
        ({"months": True}, "months"),
        ({"months": "67"}, "months"),
        ({"income": "67"}, "income"),
        ({"income": None}, "income"),
        ({"job": 67}, "job"),
        ({"job": None}, "job"),
        ({"job": "Jane Doe"}, "unknown category"),
        ({"Jane Doe": 67}, "1 inputs are not the model's"),
    ],
)
@pytest.mark.parametrize("form", ["dataframe_split", "dataframe_records", "instances", "inputs", "csv"])
def test_what_mlflow_casts_or_drops_is_refused_without_a_word_of_the_row(
    world: World, log: ArrowLog, caller: Caller, form: str, changes: Any, words: str
) -> None:
    row = {**RECORDS[0], **changes}
    content: Any = {form: [row]}
    if form == "dataframe_split":
        content = {form: {"columns": list(row), "data": [list(row.values())]}}
    if form == "csv":
        if changes.get("job") == 67 or changes.get("months") == "67" or changes.get("income") == "67":
            return  # in CSV everything is text: there is no difference
        content = pd.DataFrame([row]).to_csv(index=False).encode()
    kind = "text/csv" if form == "csv" else "application/json"
    status, answer = caller("POST", "/invocations", content, content_type=kind)
    assert (status, answer["error_code"], sorted(answer)) == (400, "BAD_REQUEST", ["error_code", "message"])
    assert words in answer["message"]
    assert "67" not in answer["message"]
    assert "Jane" not in answer["message"]
    log.flush()
    assert "Jane" not in str(world.logged(stream=Stream.REFUSALS))
    assert world.logged() == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not JSON"),
        (b"[1]", "exactly one of"),
        (b"{}", "exactly one of"),
        ({"inputs": RECORDS, "instances": RECORDS}, "exactly one of"),
        ({"inputs": RECORDS, "params": {"a": 1}}, "params"),
        ({"inputs": RECORDS, "more": 1}, "nothing else"),
        ({"inputs": []}, "at least one row"),
        ({"inputs": {}}, "at least one row"),
        ({"inputs": 7}, "a list of objects"),
        ({"inputs": {"income": [1.0], "months": [1, 2], "job": ["clerk"]}}, "as many values"),
        ({"inputs": {"income": {"0": 1.0}}}, "each column as a list"),
        ({"instances": [[1.0, 2, "clerk"]]}, "without names"),
        ({"dataframe_split": {"columns": ["a", "a"], "data": []}}, "columns (names"),
        ({"dataframe_split": {"data": [[1]]}}, "columns (names"),
        ({"dataframe_split": {"columns": ["income"], "data": [[1, 2]]}}, "row 0 has 2 values"),
        ({"dataframe_split": {"columns": ["income"], "data": [1]}}, "a list of rows"),
        ({"dataframe_records": [1]}, "must be an object"),
        (b'{"inputs": [{"income": Infinity}]}', "not JSON"),
        (b'{"inputs": [{"job": "\\ud83d"}]}', "not JSON"),  # half of a surrogate pair: nothing could log it
        (b'{"inputs": [{"job": "\xed\xa0\xbd"}]}', "not JSON"),
        (b'{"inputs": ' + b"[" * 9999, "nested"),
        (b'{"inputs": [' + b"9" * 9999 + b"]}", ""),
    ],
)
def test_what_is_no_request_is_an_error_that_says_why(caller: Caller, content: Any, words: str) -> None:
    status, answer = caller("POST", "/invocations", content)
    assert status == 400
    assert words in answer["message"]


def test_rows_without_names_are_taken_of_models_of_numbers(world: World, log: ArrowLog) -> None:
    world.order(world.release(columns=COLUMNS[:2]))
    caller = Caller(Gateway(world.admissions(log).refresh(), lambda: world.now, print), [])
    named = caller("POST", "/invocations", {"inputs": [{"income": 1.0, "months": 2}]})[1]["predictions"]
    bare = caller("POST", "/invocations", dump_input_data(pd.DataFrame({"a": [1.0], "b": [2]}).to_numpy()).encode())[1]
    assert bare["predictions"][0]["score"] == named[0]["score"]
    single = caller("POST", "/invocations", {"inputs": {"income": 1.0, "months": 2}})[1]["predictions"]
    assert single[0]["score"] == named[0]["score"]


def test_other_contents_are_not_taken(caller: Caller) -> None:
    for kind in ("text/html", "application/json; charset=latin-1", "text/csv; format=pandas"):
        status, answer = caller("POST", "/invocations", {"inputs": RECORDS}, content_type=kind)
        assert (status, answer["error_code"]) == (415, "BAD_REQUEST")
    assert caller("GET", "/invocations")[0] == 405


def test_the_deployment_is_named_where_several_answer(world: World, log: ArrowLog, caller: Caller) -> None:
    world.order(world.release(), world.release("cards", bias=1.0))
    caller.gateway.table = world.admissions(log).refresh()
    content = {"inputs": RECORDS}
    status, answer = caller("POST", "/invocations", content)
    assert (status, "/NAME/invocations" in answer["message"]) == (400, True)
    cards = caller("POST", "/cards/invocations", content)[1]["predictions"]
    loans = caller("POST", "/invocations?deployment=loans", content)[1]["predictions"]
    assert cards[0]["score"] != loans[0]["score"]
    assert caller("POST", "/others/invocations", content)[1]["error_code"] == "RESOURCE_DOES_NOT_EXIST"


def test_health_and_version(world: World, caller: Caller) -> None:
    for path in ("/ping", "/health", "/loans/health"):
        assert caller.exchange("GET", path)[0::2] == (200, b"\n")
    assert caller("GET", "/cards/ping")[0] == 503
    assert caller.exchange("GET", "/version")[0] == 200
    assert caller("POST", "/ping")[0] == 405
    world.later(hours=24)
    assert caller("GET", "/ping")[0] == 503
    assert caller("POST", "/invocations", {"inputs": RECORDS})[1]["error_code"] == "TEMPORARILY_UNAVAILABLE"


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    form=st.sampled_from(["dataframe_split", "dataframe_records", "instances", "inputs"]),
    given=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["income", "months", "job", "columns", "data"]), inner, max_size=3)
        ),
        max_leaves=9,
    ),
)
def test_no_json_breaks_the_door(caller: Caller, form: str, given: Any) -> None:
    status, answer = caller("POST", "/invocations", {form: given})
    assert status in {200, 400}, answer
    assert not caller.told


def test_what_was_answered_without_the_log_says_so() -> None:
    decided = Decided("loans", "sha256:v", "r", ["a"], [0.1], [True], ["approve"], "", [[]], [[]], logged=False)
    (record,) = json.loads(_write(decided, None).content)["predictions"]  # type: ignore[arg-type]
    assert record["logged"] is False
