from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode
from tests.gateway.caller import Caller
from tests.gateway.papers.written import COLUMNS

from muster.gateway.http.limits import Limits
from muster.gateway.protocols.openapi import document

QUIET = settings(
    max_examples=40,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def page(caller: Caller) -> Any:
    status, content = caller("GET", "/openapi.json")
    assert status == 200
    return content


def test_every_input_stands_on_the_page_with_what_the_schema_guard_takes(caller: Caller) -> None:
    content = page(caller)
    row = content["components"]["schemas"]["loans.Row"]
    assert row["required"] == ["income", "months", "job"]
    assert row["additionalProperties"] is False
    assert row["properties"]["months"]["type"] == ["integer", "null"]
    assert row["properties"]["job"] == {"type": "string", "enum": ["clerk", "smith", "weaver"]}
    assert set(content["paths"]) == {"/predict/loans"}
    assert {"400", "401", "404", "413", "422", "503"} <= set(content["paths"]["/predict/loans"]["post"]["responses"])
    assert "security" not in content


def test_where_keys_are_asked_for_the_page_says_so() -> None:
    told = document({"loans": COLUMNS}, Limits(), keys=True)
    assert told["security"] == [{"key": []}]


def asked(caller: Caller, case: schemathesis.Case) -> tuple[int, dict[bytes, bytes], bytes]:
    """Send what schemathesis would send, without a socket."""
    sent = case.as_transport_kwargs(base_url="http://gateway")
    content = json.dumps(sent["json"]).encode() if "json" in sent else sent.get("data") or b""
    headers = {name.lower().replace("-", "_"): value for name, value in dict(sent["headers"]).items()}
    headers.pop("accept_encoding", None)
    content = content if isinstance(content, bytes) else str(content).encode()
    return caller.exchange(case.method, "/predict/loans", content, **headers)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_whatever_the_page_promises_is_kept(caller: Caller, mode: GenerationMode) -> None:
    """Rows as the page wants them are decided or refused by a guard; others are refused; answers are as described."""
    schema = schemathesis.openapi.from_dict(page(caller))
    operation = schema["/predict/loans"]["POST"]
    answers = operation.definition.raw["responses"]
    seen: list[int] = []

    @QUIET
    @given(case=operation.as_strategy(generation_mode=mode))
    def probe(case: schemathesis.Case) -> None:
        status, headers, content = asked(caller, case)
        assert str(status) in answers
        assert status < 500, content
        assert headers[b"content-type"] == b"application/json"
        answer = json.loads(content)
        if status == 200:
            assert {"decision_id", "score", "decision"} <= set(answer.get("rows", [answer])[0])
        else:
            assert list(answer) == ["error"]
        seen.append(status)

    probe()
    assert not caller.told
    if mode is GenerationMode.POSITIVE:
        assert 200 in seen
    else:
        assert {400, 422} & set(seen)


_METHODS = st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
_PARTS = st.sampled_from(
    ["v1", "v2", "models", "loans", "versions", "1", "infer", "ready", "config", "stats", "health", "live",
     "repository", "index", "load", "unload", "invocations", "ping", "version", "predict", "openapi.json", "muster",
     "orders", "trace", "", "..", "\0", "ä", "%2e"]
)  # fmt: skip


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=_METHODS,
    parts=st.lists(_PARTS, max_size=6),
    content=st.binary(max_size=30),
    headers=st.dictionaries(
        st.sampled_from(
            ["content_type", "content_encoding", "accept_encoding", "inference_header_content_length", "x_request_id",
             "authorization"]
        ),
        st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=20)
        | st.sampled_from(["gzip", "deflate", "application/json", "text/csv", "application/vnd.apache.parquet", "5"]),
    ),
)  # fmt: skip
def test_no_path_header_or_body_breaks_a_door(
    caller: Caller, method: str, parts: list[str], content: bytes, headers: dict[str, str]
) -> None:
    status, _, answered = caller.exchange(method, "/" + "/".join(parts), content, **headers)
    assert status in {200, 202, 400, 401, 403, 404, 405, 413, 415, 422, 429, 501, 503}, answered
    assert not caller.told
    if status >= 400:
        assert set(json.loads(answered)) in ({"error"}, {"error_code", "message"}, {"name", "ready", "error"})
    asyncio.set_event_loop(None)
