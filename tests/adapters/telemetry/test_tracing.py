from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from muster.adapters.telemetry.tracing import Tracing

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
UNSAMPLED = PARENT[:-1] + "0"


class Collector:
    """A collector that decodes what it is sent."""

    def __init__(self) -> None:
        self.requests: list[Any] = []
        collector = self

        class Answers(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                content = self.rfile.read(int(self.headers["content-length"]))
                if self.headers.get("content-encoding") == "gzip":
                    content = gzip.decompress(content)
                collector.requests.append((self.path, ExportTraceServiceRequest.FromString(content)))
                self.send_response(200)
                self.end_headers()
                self.wfile.write(ExportTraceServiceResponse().SerializeToString())

            def log_message(self, *_: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    def spans(self) -> list[Any]:
        return [
            span
            for _, request in self.requests
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]


@pytest.fixture
def collector() -> Iterator[Collector]:
    one = Collector()
    thread = threading.Thread(target=one.server.serve_forever)
    thread.start()
    yield one
    one.server.shutdown()
    one.server.server_close()
    thread.join()


@pytest.mark.enable_socket
def test_spans_reach_the_collector_below_the_callers_own(collector: Collector) -> None:
    tracing = Tracing.open(collector.address, 0.0, "g1", "credit")
    now = time.time_ns()
    span = tracing.begin({"traceparent": PARENT}, now)
    tracing.stage(span, "score", now + 10, now + 30)
    tracing.tell(span, {"muster.deployment": "loans"})
    tracing.end(span, 503, now + 100)
    tracing.close()
    assert {path for path, _ in collector.requests} == {"/v1/traces"}
    found = {span.name: span for span in collector.spans()}
    whole, stage = found["request"], found["score"]
    assert whole.trace_id.hex() == PARENT[3:35]
    assert whole.parent_span_id.hex() == PARENT[36:52]
    assert stage.parent_span_id == whole.span_id
    assert stage.end_time_unix_nano - stage.start_time_unix_nano == 20
    assert whole.end_time_unix_nano - whole.start_time_unix_nano == 100
    told = {each.key: each.value for each in whole.attributes}
    assert told["muster.deployment"].string_value == "loans"
    assert told["http.response.status_code"].int_value == 503
    assert whole.status.code == 2  # ERROR
    resource = {
        each.key: each.value.string_value for each in collector.requests[0][1].resource_spans[0].resource.attributes
    }
    assert (resource["service.name"], resource["service.instance.id"]) == ("muster-gateway", "g1")


@pytest.mark.enable_socket
def test_what_is_not_sampled_is_not_there(collector: Collector) -> None:
    never = Tracing.open(collector.address, 0.0, "g1", "credit")
    always = Tracing.open(collector.address, 1.0, "g1", "credit")
    assert never.begin({}, 1) is None
    assert always.begin({"traceparent": UNSAMPLED}, 1) is None
    span = always.begin({"traceparent": "nonsense"}, 1)
    always.end(span, 200, 2)
    for tracing in (never, always):
        tracing.close()
    assert [span.name for span in collector.spans()] == ["request"]


def test_an_endpoint_is_an_address() -> None:
    with pytest.raises(ValueError, match="otlp_endpoint"):
        Tracing.open("collector:4318", 1.0, "g", "c")
