from __future__ import annotations

import gzip
import json
import tracemalloc
import zlib
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.gateway.caller import Caller, jsonb
from tests.gateway.papers.written import body
from tests.gateway.protocols.oip.asking import INFER, answered, asked, rows
from tests.gateway.world import World
from tritonclient import http as triton

from muster.adapters.arrowlog.writer import ArrowLog
from muster.gateway.app import Gateway


@pytest.mark.parametrize("size", [1, 3, 100, 2_000])
def test_binary_tensors_are_decided_as_json_is(caller: Caller, size: int) -> None:
    binary = answered(caller, *asked(rows(size)))
    plain = answered(caller, *asked(rows(size), binary=False, outputs=[triton.InferRequestedOutput("score", False)]))
    assert binary.get_response()["id"] == "call-7"
    assert binary.as_numpy("score").tolist() == plain.as_numpy("score").tolist()
    assert binary.as_numpy("score").dtype == np.float64
    assert len(set(binary.as_numpy("decision_id").tolist())) == size


def test_binary_rows_are_logged_as_they_were_sent(world: World, log: ArrowLog, caller: Caller) -> None:
    sent = rows(100)
    answered(caller, *asked(sent))
    log.flush()
    logged = world.logged()
    assert [row["input.income"] for row in logged] == sent["income"][1].tolist()
    assert [row["input.job"] for row in logged] == sent["job"][1].tolist()


def test_each_output_goes_out_as_it_was_asked(caller: Caller) -> None:
    wanted = [triton.InferRequestedOutput("decision", binary_data=True), triton.InferRequestedOutput("score", False)]
    result = answered(caller, *asked(rows(2), outputs=wanted))
    outputs = {each["name"]: each for each in result.get_response()["outputs"]}
    assert list(outputs) == ["decision", "score"]
    assert "data" not in outputs["decision"]
    assert outputs["score"]["data"] == result.as_numpy("score").tolist()
    assert result.as_numpy("decision").tolist() == [
        b"approve" if s < 0.5 else b"refuse" for s in outputs["score"]["data"]
    ]


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_compressed_requests_and_answers(caller: Caller, coding: str) -> None:
    sent, headers = asked(rows(300))
    packed = {"gzip": gzip.compress, "deflate": zlib.compress}[coding](sent)
    plain = answered(caller, sent, headers)
    result = answered(caller, packed, {**headers, "content_encoding": coding, "accept_encoding": coding})
    assert result.as_numpy("score").tolist() == plain.as_numpy("score").tolist()


def test_a_body_that_expands_beyond_the_limit_is_refused(caller: Caller) -> None:
    packed = gzip.compress(b" " * (caller.gateway.desk.limits.body_bytes + 1))
    assert caller.infer(packed, content_encoding="gzip")[0] == 413


@pytest.mark.parametrize(
    ("name", "kind", "values"),
    [
        ("income", "BOOL", np.array([True])),
        ("income", "BYTES", np.array(["67"], np.object_)),
        ("months", "FP64", np.array([67.0])),
        ("months", "BOOL", np.array([True])),
        ("job", "INT64", np.array([67])),
        ("months", "INT64", np.array([2**53])),
        ("income", "UINT64", np.array([2**63], np.uint64)),
    ],
)
def test_no_datatype_is_cast_into_another(caller: Caller, name: str, kind: str, values: np.ndarray) -> None:
    sent, headers = asked({**rows(1), name: (kind, values)})
    status, answer = caller.infer(sent, **headers)
    assert (status, list(answer)) == (422, ["error"])
    assert name in answer["error"]


@pytest.mark.parametrize("kind", ["INT8", "INT16", "INT32", "UINT8", "UINT16", "UINT32", "UINT64"])
def test_integers_of_any_width_are_whole_numbers(caller: Caller, kind: str) -> None:
    for size in (1, 100):
        sent = {**rows(size), "months": (kind, np.full(size, 12, triton_type(kind)))}
        same = {**rows(size), "months": ("INT64", np.full(size, 12))}
        assert answered(caller, *asked(sent)).as_numpy("score").tolist() == (
            answered(caller, *asked(same)).as_numpy("score").tolist()
        )


def triton_type(kind: str) -> Any:
    return np.dtype(kind.lower())


@pytest.mark.parametrize(
    ("changes", "headers", "words"),
    [
        ({}, {"inference_header_content_length": "-1"}, "a number of bytes"),
        ({}, {"inference_header_content_length": "99999999"}, "says more than"),
        ({"parameters": {"binary_data_size": 4}}, {}, "must count bytes"),
        ({"parameters": {"binary_data_size": -4}}, {}, "must count bytes"),
        ({"parameters": {"binary_data_size": 0}}, {}, "must count bytes"),
        ({"parameters": {"shared_memory_region": "r"}}, {}, "shared memory"),
    ],
)
def test_headers_and_sizes_must_fit(caller: Caller, changes: Any, headers: dict[str, str], words: str) -> None:
    content = body()
    content["inputs"][0] |= changes
    status, answer = caller.infer(content, **headers)
    assert (status, words in answer["error"]) == (400, True), answer


def test_bytes_that_no_tensor_names_are_refused(caller: Caller) -> None:
    sent, headers = asked(rows(1))
    status, answer = caller.infer(sent + b"Jane", **headers)
    assert status == 400
    assert "Jane" not in answer["error"]


def test_what_of_the_protocol_is_not_spoken_says_so(caller: Caller) -> None:
    for path in ("systemsharedmemory/status", "cudasharedmemory/region/a/status", "trace/setting", "logging"):
        status, answer = caller("GET", f"/v2/{path}")
        assert (status, list(answer)) == (501, ["error"])
    assert caller("GET", "/v2/models/loans/trace/setting")[0] == 501
    wanted = {"name": "score", "parameters": {"classification": 2}}
    assert caller.infer({**body(), "outputs": [wanted]})[0] == 400
    assert caller("GET", "/v2/other")[0] == 404


def test_an_output_is_answered_once(caller: Caller) -> None:
    status, answer = caller.infer({**body(), "outputs": [{"name": "score"}] * 2})
    assert (status, answer) == (400, {"error": "outputs: one is asked for twice"})


def test_empty_lists_without_end_are_refused_before_they_fill_the_memory(caller: Caller) -> None:
    many = b"[" + b"[]," * 500_000 + b"[]]"
    tensors = [
        b'{"inputs":[{"name":"income","datatype":"%s","shape":[1,%d],"data":%s}]}' % (kind, width, many)
        for kind, width in ((b"FP64", 1), (b"FP64", 2), (b"BYTES", 1), (b"BYTES", 3))
    ]
    for path, content in (
        *((INFER, tensor) for tensor in tensors),
        ("/predict/loans", b'{"rows":' + many + b"}"),
        ("/invocations", b'{"inputs":' + many + b"}"),
    ):
        tracemalloc.start()
        assert caller("POST", path, content)[0] in {400, 413}
        assert tracemalloc.get_traced_memory()[1] < 5 * len(content)
        tracemalloc.stop()


def test_what_was_asked_is_counted(caller: Caller) -> None:
    caller.infer(body(3))
    caller.infer(body(2))
    caller.infer(body(job=["astronaut"]))
    for path in ("/v2/models/stats", "/v2/models/loans/stats"):
        (told,) = caller("GET", path)[1]["model_stats"]
        assert (told["inference_count"], told["execution_count"]) == (5, 2)
        assert told["inference_stats"]["success"]["count"] == 2
        assert told["inference_stats"]["success"]["ns"] > 0
        assert told["inference_stats"]["fail"]["count"] == 1
    version = told["version"]
    assert caller("GET", f"/v2/models/loans/versions/{version}/stats")[1]["model_stats"] == [told]


def test_the_repository_lists_what_serves_and_what_does_not(world: World, log: ArrowLog) -> None:
    world.order(world.release(), world.release("bad", auc=0.5))
    caller = Caller(Gateway(world.admissions(log).refresh(), lambda: world.now, print), [])
    ready, bad = caller("POST", "/v2/repository/index")[1]
    assert (ready["name"], ready["state"], bad["name"], bad["state"]) == ("loans", "READY", "bad", "UNAVAILABLE")
    assert bad["reason"] == "not available"
    assert caller("POST", "/v2/repository/index", {"ready": True})[1] == [ready]
    assert caller("POST", "/v2/repository/index", b"nonsense")[0] == 400
    assert caller("GET", "/v2/repository/index")[0] == 405


def test_loading_looks_at_the_outbox_and_admits_what_is_proven(world: World, log: ArrowLog) -> None:
    admissions = world.admissions(log)
    caller = Caller(gateway := Gateway(admissions.refresh(), lambda: world.now, print), [])
    looks = [True, True, True, False]

    async def look() -> bool:
        gateway.table = admissions.refresh()
        return looks.pop(0)

    assert caller("POST", "/v2/repository/models/loans/load")[0] == 429  # nobody follows an outbox
    gateway.inference.look = look
    assert caller("POST", "/v2/repository/models/loans/load")[0] == 503
    world.order(world.release())
    assert caller("POST", "/v2/repository/models/loans/load") == (200, {})
    assert caller("POST", "/v2/repository/models/other/load")[0] == 404
    assert caller("POST", "/v2/repository/models/loans/load")[0] == 429
    assert caller("POST", "/v2/repository/models/loans/load", {"parameters": {"config": "{}"}})[0] == 400


def test_unloading_is_not_for_callers(caller: Caller) -> None:
    status, answer = caller("POST", "/v2/repository/models/loans/unload", {"parameters": {"unload_dependents": False}})
    assert status == 403
    assert "signed orders" in answer["error"]
    assert caller("POST", "/v2/repository/models/other/unload")[0] == 404
    assert caller.infer(body())[0] == 200


_SENT, _HEADERS = asked(rows(2))
_HEAD = int(_HEADERS["inference_header_content_length"])


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_no_bytes_break_the_door(caller: Caller, data: st.DataObject) -> None:
    sent = bytearray(_SENT)
    for _ in range(data.draw(st.integers(0, 3))):
        place = data.draw(st.integers(0, len(sent) - 1))
        sent[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(sent)))
    content = bytes(sent[:cut]) + data.draw(st.binary(max_size=8))
    length = data.draw(st.sampled_from([str(_HEAD), str(cut), "0", "", "9" * 30, "x"]))
    coding = data.draw(st.sampled_from(["identity", "identity", "gzip", "deflate", "br"]))
    status, _, said = caller.exchange(
        "POST", INFER, content, inference_header_content_length=length, content_encoding=coding
    )
    assert status in {200, 400, 413, 415, 422}, said
    assert not caller.told


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    kind=st.sampled_from(["FP64", "INT8", "UINT64", "BYTES", "BOOL", "JSON"]),
    shape=st.lists(st.integers(-(2**70), 2**70) | st.integers(0, 3), max_size=4),
    values=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=2),
        max_leaves=8,
    ),
    size=st.none() | st.integers(-(2**70), 2**70),
)
def test_no_json_breaks_the_door(caller: Caller, kind: str, shape: list[int], values: Any, size: int | None) -> None:
    tensor = {
        "name": "income",
        "datatype": kind,
        "shape": shape,
        "data": values,
        "parameters": {"binary_data_size": size},
    }
    content = {"inputs": [*body()["inputs"][1:], tensor]}
    status, _, said = caller.exchange("POST", INFER, jsonb(content))
    assert status in {200, 400, 413, 422}, said
    assert not caller.told
    assert list(json.loads(said)) == ["error"] or status == 200
    msgspec.json.decode(said)
