from __future__ import annotations

import asyncio
import dataclasses
from pathlib import Path
from typing import Any

import pytest
from tests.gateway.caller import Caller, jsonb
from tests.gateway.papers.written import body
from tests.gateway.world import World

from muster.adapters.arrowlog.writer import ArrowLog, Rolling
from muster.gateway import app, desk
from muster.gateway.http import asgi
from muster.gateway.http.limits import Limits
from muster.ports.log import Stream


def outputs(answer: dict[str, Any]) -> dict[str, list[Any]]:
    return {output["name"]: output["data"] for output in answer["outputs"]}


def test_an_inference_is_answered_and_logged(world: World, log: ArrowLog, caller: Caller) -> None:
    status, answer = caller.infer({**body(2, income=[30_000.0, 90_000.0]), "id": "call-7"})
    assert status == 200
    assert (answer["model_name"], answer["id"]) == ("loans", "call-7")
    got = outputs(answer)
    log.flush()
    rows = world.logged()
    assert [row["decision_id"] for row in rows] == got["decision_id"]
    assert [row["score"] for row in rows] == got["score"]
    assert [row["decision"] for row in rows] == got["decision"]
    assert [row["favourable"] for row in rows] == [score < 0.5 for score in got["score"]]
    assert [row["input.income"] for row in rows] == [30_000.0, 90_000.0]
    assert {row["request_id"] for row in rows} == {"call-7"}
    assert {row["version"] for row in rows} == {answer["model_version"]}
    assert {row["at"] for row in rows} == {world.now}
    assert rows[0]["guards"] == "prohibited=allow schema=allow envelope=allow plausible=allow consistent=allow"
    assert rows[0]["latency_us"] > 0


def test_the_score_is_the_models_own(world: World, caller: Caller) -> None:
    from muster.adapters.onnx import OnnxPredictor
    from muster.columns.encoder import Encoder

    place = caller.gateway.table.places["loans"].served
    model = OnnxPredictor.load(world.outbox.get(place.decisions.served))
    columns = {"income": [1.0, 5e4, 99_999.0], "months": [0, None, 480], "job": ["clerk", "smith", "weaver"]}
    wanted = model.scores(Encoder(model.plan.encodings).encode(columns)).tolist()
    status, answer = caller.infer(body(3, **columns))
    assert status == 200
    assert outputs(answer)["score"] == wanted


def test_ids_are_made_where_none_is_given_and_never_repeat(caller: Caller) -> None:
    answers = [caller.infer(body(50))[1] for _ in range(4)]
    ids = [answer["id"] for answer in answers] + [i for answer in answers for i in outputs(answer)["decision_id"]]
    assert len(set(ids)) == len(ids)


def test_outputs_can_be_chosen(caller: Caller) -> None:
    status, answer = caller.infer({**body(), "outputs": [{"name": "decision", "parameters": {"colour": 1}}]})
    assert status == 200
    assert [output["name"] for output in answer["outputs"]] == ["decision"]
    assert caller.infer({**body(), "outputs": [{"name": "colour"}]})[0] == 400


def test_the_version_in_the_path_must_be_the_one_that_serves(caller: Caller) -> None:
    version = caller.infer(body())[1]["model_version"]
    assert caller.infer(body(), f"/v2/models/loans/versions/{version}/infer")[0] == 200
    assert caller.infer(body(), "/v2/models/loans/versions/1/infer")[0] == 404
    assert caller.infer(body(), "/v2/models/other/infer")[0] == 404


def test_metadata_and_health(caller: Caller) -> None:
    assert caller("GET", "/v2")[1]["name"] == "muster"
    assert caller("GET", "/v2/health/live") == (200, {"live": True})
    assert caller("GET", "/v2/health/ready") == (200, {"ready": True})
    assert caller("GET", "/v2/models/loans/ready") == (200, {"name": "loans", "ready": True})
    status, model = caller("GET", "/v2/models/loans")
    assert status == 200
    assert {i["name"]: i["datatype"] for i in model["inputs"]} == {"income": "FP64", "months": "INT64", "job": "BYTES"}
    version = model["versions"][0]
    assert caller("GET", f"/v2/models/loans/versions/{version}")[1] == model
    assert caller("GET", f"/v2/models/loans/versions/{version}/ready")[0] == 200
    assert caller("GET", "/v2/models/loans/versions/1/ready")[0] == 404
    assert caller("GET", "/v2/models/nobody")[0] == 404
    assert caller("GET", "/v2/models/loans/infer")[0] == 405
    assert caller("DELETE", "/v2/models/loans")[0] == 405
    assert caller("GET", "/admin")[0] == 404


def test_callers_learn_nothing_of_why_nothing_serves(world: World, log: ArrowLog) -> None:
    world.order(world.release(auc=0.5))
    refused = Caller(app.Gateway(world.admissions(log).refresh(), lambda: world.now, print), [])
    empty = Caller(app.Gateway(app.Table(), lambda: world.now, print), [])
    for caller in (refused, empty):
        assert caller.infer(body()) == (503, {"error": "not available"})
        assert caller("GET", "/v2/models/loans") == (503, {"error": "not available"})
        assert caller("GET", "/v2/health/ready") == (503, {"ready": False, "error": "not available"})


def test_serving_stops_at_the_instant_of_the_deadline(world: World, caller: Caller) -> None:
    assert caller.infer(body())[0] == 200
    world.later(hours=24)
    assert caller.infer(body()) == (503, {"error": "not available"})
    assert caller("GET", "/v2/models/loans/ready")[0] == 503
    assert caller("GET", "/v2/health/live")[0] == 200


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"months": [67.5]}, "inputs[1]"),
        ({"months": [67.0]}, "inputs[1]"),
        ({"months": [True]}, "inputs[1]"),
        ({"months": ["67"]}, "inputs[1]"),
        ({"job": [67]}, "inputs[2]"),
        ({"income": ["67"]}, "inputs[0]"),
        ({"income": [1, 2]}, "inputs[0]"),
        ({"income": []}, "inputs[0]"),
        ({"income": [[67.0]]}, "inputs[0]"),
    ],
)
def test_nothing_is_cast_silently(caller: Caller, changes: dict[str, Any], where: str) -> None:
    status, answer = caller.infer(body(**changes))
    assert status == 400
    assert where in answer["error"]
    assert "67" not in answer["error"]


def test_what_guards_refuse_is_logged_without_its_values(world: World, log: ArrowLog, caller: Caller) -> None:
    status, answer = caller.infer({**body(2, job=["clerk", "Jane Doe"]), "id": "call-8"})
    assert status == 422
    assert answer == {"error": "column job, row 1: unknown category"}
    log.flush()
    (row,) = world.logged(stream=Stream.REFUSALS)
    assert (row["request_id"], row["guard"], row["rows"]) == ("call-8", "schema", 2)
    assert "Jane" not in str(row)
    assert world.logged() == []


def test_rows_outside_the_training_range_are_answered_and_marked(world: World, log: ArrowLog, caller: Caller) -> None:
    assert caller.infer(body(3, income=[1.0, 1e6, 2.0], months=[1, 9999, None]))[0] == 200
    log.flush()
    assert [row["flags"] for row in world.logged()] == [[], ["outside-range:income", "outside-range:months"], []]


def test_the_policy_may_answer_unknown_categories_and_refuse_strange_numbers(world: World, log: ArrowLog) -> None:
    from tests.gateway.papers.written import POLICY

    policy = dataclasses.replace(POLICY, unknown_category="unknown", outside_range="refuse")
    world.order(world.release(policy=policy))
    caller = Caller(app.Gateway(world.admissions(log).refresh(), lambda: world.now, print), [])
    assert caller.infer(body(job=["astronaut"]))[0] == 200
    assert caller.infer(body(income=[1e9])) == (422, {"error": "column income, row 0: outside the training range"})
    log.flush()
    (row,) = world.logged()
    assert (row["input.job"], row["flags"]) == ("astronaut", ["unknown-category:job"])


def test_large_requests_leave_the_loop_free_and_answer_the_same(world: World, log: ArrowLog, caller: Caller) -> None:
    incomes = [float(n) for n in range(desk.INLINE_ROWS + 1)]
    large = outputs(caller.infer(body(len(incomes), income=incomes))[1])
    small = outputs(caller.infer(body(100, income=incomes[:100]))[1])
    assert large["score"][:100] == small["score"]
    log.flush()
    assert len(world.logged()) == len(incomes) + 100


def test_large_bodies_are_read_aside_and_too_many_are_turned_away(caller: Caller) -> None:
    large = jsonb(body(desk.INLINE_ROWS)) + b" " * desk.INLINE_BYTES
    assert len(outputs(caller.infer(large)[1])["score"]) == desk.INLINE_ROWS
    assert caller.infer(large[:-1] + b"}")[0] == 400
    caller.gateway.desk._waiting = desk.LARGE_WAITING
    assert caller.infer(large) == (503, {"error": "not available"})
    assert "turned away" in caller.told[-1]
    assert caller.infer(body())[0] == 200


def test_bodies_are_bounded(caller: Caller) -> None:
    caller.gateway.desk.limits = Limits(body_bytes=2_000, rows=10)
    assert caller.infer(body(), content_length="2001")[0] == 413
    assert caller.infer([b" " * 1500, b" " * 1500])[0] == 413
    assert caller.infer(body(11))[0] == 413
    good = jsonb(body(2))
    assert caller.infer([good[:40], good[40:]])[0] == 200


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"inputs": []}', b"\xff", b"null", b'{"inputs": [{"name": "income"}]}', b"[" * 9999]
)
def test_garbage_is_an_error_in_json(caller: Caller, content: bytes) -> None:
    status, answer = caller.infer(content)
    assert status == 400
    assert list(answer) == ["error"]


def test_a_connection_that_ends_within_the_body_is_no_request(caller: Caller) -> None:
    assert caller.infer([]) == (400, {"error": "the connection ended before the body did"})


def test_a_caller_who_sends_no_byte_of_a_body_does_not_hold_a_connection_for_ever(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asgi, "BODY_SECONDS", 0.05)

    async def silence() -> Any:
        await asyncio.Event().wait()

    async def ask() -> list[Any]:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "POST", "path": "/v2/models/loans/infer", "headers": []}
        await asyncio.wait_for(caller.gateway(scope, silence, send), 20)
        return sent

    assert asyncio.run(ask())[0]["status"] == 408


def test_many_slow_bodies_do_not_fill_the_memory(caller: Caller) -> None:
    caller.gateway.desk.bodies.most_at_once = 1_000
    assert caller.infer([b" " * 600, b" " * 600])[0] == 503
    good = jsonb(body(2))
    assert caller.infer([good[:40], good[40:]])[0] == 200
    assert caller.gateway.desk.bodies._coming == 0


def test_what_cannot_be_logged_is_not_answered(world: World, tmp_path: Path) -> None:
    world.order(world.release())
    log = ArrowLog(tmp_path / "full", Rolling(queue_rows=3))
    caller = Caller(app.Gateway(world.admissions(log).refresh(), lambda: world.now, (told := []).append), told)
    assert caller.infer(body(4)) == (503, {"error": "not available"})
    assert "full" in told[0]
    assert caller.infer(body(3))[0] == 200
    log.close()
    assert caller.infer(body())[0] == 503


def test_an_answer_that_is_no_probability_never_becomes_a_decision(world: World, log: ArrowLog) -> None:
    from muster.adapters.onnx import OnnxPredictor

    class Mad(OnnxPredictor):
        def scores(self, matrix: Any) -> Any:
            return matrix[:, 0] * float("nan")

        def plainly(self, _: Any) -> Any:
            return lambda _: float("nan")

    world.order(world.release())
    told: list[str] = []
    caller = Caller(app.Gateway(world.admissions(log, read=Mad.load).refresh(), lambda: world.now, told.append), told)
    assert caller.infer(body()) == (500, {"error": "the model gave no usable answer"})
    log.flush()
    assert [row["guard"] for row in world.logged(stream=Stream.REFUSALS)] == ["plausible"]
    assert world.logged() == []


def test_a_fault_shows_its_place_to_the_operator_and_nothing_to_the_caller(world: World, log: ArrowLog) -> None:
    from muster.adapters.onnx import OnnxPredictor

    class Broken(OnnxPredictor):
        def scores(self, matrix: Any) -> Any:
            msg = f"secret {matrix}"
            raise RuntimeError(msg)

        def plainly(self, _: Any) -> Any:
            return self.scores

    world.order(world.release())
    told: list[str] = []
    caller = Caller(
        app.Gateway(world.admissions(log, read=Broken.load).refresh(), lambda: world.now, told.append), told
    )
    assert caller.infer(body()) == (500, {"error": "internal error"})
    assert "RuntimeError" in told[0]
    assert "secret" not in told[0]


def test_swapping_the_table_moves_new_requests_only(world: World, log: ArrowLog, caller: Caller) -> None:
    before = caller.gateway.table
    world.order()
    caller.gateway.table = world.admissions(log).refresh()
    assert caller.infer(body())[0] == 503
    caller.gateway.table = before
    assert caller.infer(body())[0] == 200
