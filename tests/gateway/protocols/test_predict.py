from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.gateway.caller import Caller, jsonb
from tests.gateway.papers.written import POLICY, body
from tests.gateway.world import World

from muster.adapters.arrowlog.writer import ArrowLog
from muster.gateway.app import Gateway
from muster.gateway.decided import Decided
from muster.gateway.protocols.predict import write_decisions
from muster.ports.log import Stream
from muster.rules.language.clients import Client

ROW = {"income": 30_000.0, "months": 12, "job": "clerk"}


def test_a_row_is_decided_and_logged(world: World, log: ArrowLog, caller: Caller) -> None:
    status, answer = caller("POST", "/predict/loans", ROW, x_request_id="call-7")
    assert status == 200
    score = caller.infer(body())[1]["outputs"][0]["data"][0]
    assert (answer["score"], answer["favourable"]) == (score, score < 0.5)
    assert (answer["deployment"], answer["request_id"]) == ("loans", "call-7")
    assert answer["model_version"].startswith("sha256:")
    assert "schema=allow" in answer["guards"]
    log.flush()
    row = world.logged()[0]
    assert (row["decision_id"], row["request_id"], row["input.job"]) == (answer["decision_id"], "call-7", "clerk")


def test_several_rows_are_decided_in_their_order(caller: Caller) -> None:
    rows = [ROW, {**ROW, "income": 90_000, "months": None}]
    status, answer = caller("POST", "/predict/loans", {"rows": rows})
    assert status == 200
    alone = [caller("POST", "/predict/loans", row)[1] for row in rows]
    assert [each["score"] for each in answer["rows"]] == [each["score"] for each in alone]
    assert len(caller("POST", "/predict/loans", {"rows": rows[:1]})[1]["rows"]) == 1


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"months": 67.5}, 422, "column months holds integer values"),
        ({"months": 67.0}, 422, "column months holds integer values"),
        ({"months": True}, 422, "column months holds integer values"),
        ({"months": "67"}, 422, "column months holds integer values"),
        ({"months": 2**60}, 422, "column months, row 0"),
        ({"income": "67"}, 422, "column income holds number values"),
        ({"income": None}, 422, "column income, row 0: a value is missing"),
        ({"income": 2**60 + 1}, 422, "column"),
        ({"income": 10**400}, 422, ""),
        ({"job": 67}, 422, "column job holds category values"),
        ({"job": "Jane Doe"}, 422, "column job, row 0: unknown category"),
        ({"Jane Doe": 1}, 422, "1 inputs are not the model's"),
        ({"age": 40}, 422, "age may not be sent"),
        ({"job": ["clerk"]}, 400, "column job"),
        ({"income": {"67": 1}}, 400, "column income"),
    ],
)
def test_nothing_is_cast_dropped_or_repeated(
    world: World, log: ArrowLog, caller: Caller, changes: Any, status: int, words: str
) -> None:
    got, answer = caller("POST", "/predict/loans", {**ROW, **changes})
    assert got == status
    assert words in answer["error"]
    assert "67" not in answer["error"]
    assert "Jane" not in answer["error"]
    log.flush()
    assert len(world.logged(stream=Stream.REFUSALS)) == (status == 422)
    assert world.logged() == []


def test_a_column_that_is_not_sent_is_missed(caller: Caller) -> None:
    status, answer = caller("POST", "/predict/loans", {"income": 1.0, "job": "clerk"})
    assert status == 422
    assert "missing input months" in answer["error"]
    status, answer = caller("POST", "/predict/loans", {"rows": [ROW, {"income": 1.0}]})
    assert (status, answer["error"]) == (400, "rows[1]: it has other columns than rows[0]")


def test_a_prohibited_column_is_refused_by_its_guard(world: World, log: ArrowLog, caller: Caller) -> None:
    caller("POST", "/predict/loans", {**ROW, "age": 40})
    log.flush()
    (row,) = world.logged(stream=Stream.REFUSALS)
    assert row["guard"] == "prohibited"


@pytest.mark.parametrize("content", [b"", b"[]", b"1", b"{", b"\xff", b'{"rows": []}', b'{"rows": [1]}', b"[" * 9999,
                                     b'{"rows": [{}], "more": 1}', b'{"rows":' + b"[" * 9999])  # fmt: skip
def test_garbage_is_an_error_in_json(caller: Caller, content: bytes) -> None:
    status, answer = caller("POST", "/predict/loans", content)
    assert (status, list(answer)) == (400, ["error"])


def test_other_names_methods_and_sizes(caller: Caller) -> None:
    assert caller("POST", "/predict/other", ROW)[0] == 404
    assert caller("GET", "/predict/loans")[0] == 405
    assert caller("POST", "/predict/loans", ROW, x_request_id="x" * 257)[0] == 400
    caller.gateway.desk.limits = dataclasses.replace(caller.gateway.desk.limits, rows=2)
    assert caller("POST", "/predict/loans", {"rows": [ROW] * 3})[0] == 413
    assert caller("POST", "/predict/loans", {"rows": [{**ROW, "x": 1}] * 3})[0] == 413


def test_where_the_policy_answers_unknown_categories_so_does_the_door(world: World, log: ArrowLog) -> None:
    world.order(world.release(policy=dataclasses.replace(POLICY, unknown_category="unknown")))
    caller = Caller(Gateway(world.admissions(log).refresh(), lambda: world.now, print), [])
    status, answer = caller("POST", "/predict/loans", {**ROW, "job": "astronaut"})
    assert (status, answer["flags"]) == (200, ["unknown-category:job"])


def test_a_model_that_was_exchanged_is_read_by_its_own_contract(world: World, log: ArrowLog, caller: Caller) -> None:
    from tests.gateway.papers.written import COLUMNS

    caller("POST", "/predict/loans", ROW)
    world.order(world.release(columns=COLUMNS[:2]))
    caller.gateway.table = world.admissions(log).refresh()
    assert caller("POST", "/predict/loans", ROW)[0] == 422
    assert caller("POST", "/predict/loans", {"income": 1.0, "months": 1})[0] == 200


def test_keys_guard_every_door_but_health(caller: Caller) -> None:
    def client(label: str, use_case: str) -> Client:
        return Client(label, use_case, hashlib.sha256(label.encode()).digest())

    caller.gateway.desk.clients = lambda: [client("ann", "loans"), client("eve", "other")]
    for path, content in (
        ("/predict/loans", ROW),
        ("/invocations", {"dataframe_records": [ROW]}),
        ("/v2/models/loans/infer", body()),
    ):
        assert caller("POST", path, content)[0] == 401
        assert caller("POST", path, content, authorization="Bearer wrong")[0] == 401
        assert caller("POST", path, content, authorization="Bearer ann")[0] == 200
        assert caller("POST", path, content, authorization="Bearer eve")[0] in {404, 503}
    for path in ("/v2", "/v2/models/loans", "/openapi.json", "/v2/models/stats", "/v2/models/loans/ready"):
        assert caller("GET", path)[0] == 401
    assert caller("GET", "/openapi.json", authorization="Bearer eve")[1]["paths"] == {}
    assert caller("POST", "/v2/repository/index", authorization="Bearer eve")[1] == []
    for path in ("/v2/health/live", "/v2/health/ready", "/ping", "/health", "/loans/ping"):
        assert caller.exchange("GET", path)[0] == 200


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    content=st.dictionaries(
        st.sampled_from([*ROW, "rows", "age"]) | st.text(max_size=3),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
            | st.sampled_from(["clerk", "x"]),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*ROW]), inner, max_size=3),
            max_leaves=9,
        ),
        max_size=5,
    )
)  # fmt: skip
def test_no_json_breaks_the_door(caller: Caller, content: Any) -> None:
    status, answer = caller("POST", "/predict/loans", jsonb(content))
    assert status in {200, 400, 422}, answer
    assert not caller.told


@pytest.mark.parametrize("several", [True, False])
def test_what_was_answered_without_the_log_says_so(several: bool) -> None:
    decided = Decided("loans", "sha256:v", "r", ["a"], [0.1], [True], ["approve"], "", [[]], [[]])
    asked = SimpleNamespace(several=several)
    assert "logged" not in json.loads(write_decisions(decided, asked).content)  # type: ignore[arg-type]
    assert json.loads(write_decisions(replace(decided, logged=False), asked).content)["logged"] is False  # type: ignore[arg-type]
