"""Tracing: spans of requests to a collector, as OpenTelemetry says; they leave in batches, off the path of requests."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

WAITING = 2_048
"""Spans that wait for the collector; what comes on top is dropped."""

TIMEOUT_S = 5.0
"""How long the collector may take to accept a batch."""

_CARRIED = TraceContextTextMapPropagator()


class Tracing:
    """Makes spans of requests.

    Parameters
    ----------
    provider
        Where they are sampled, collected and sent from.
    """

    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("muster.gateway", version("muster-ml"))

    @classmethod
    def open(cls, endpoint: str, share: float, name: str, group: str) -> Tracing:
        """Return tracing to a collector.

        Parameters
        ----------
        endpoint
            Address of the collector, without ``/v1/traces``.
        share
            Share of requests to trace, of those whose caller does not say.
        name, group
            Of the gateway.

        Raises
        ------
        ValueError
            If the endpoint is no address.
        """
        if not endpoint.startswith(("http://", "https://")):
            msg = f"otlp_endpoint: {endpoint!r} is no address: it begins with http:// or https://"
            raise ValueError(msg)
        named = {"service.name": "muster-gateway", "service.namespace": group, "service.instance.id": name}
        resource = Resource.create({**named, "service.version": version("muster-ml")})
        provider = TracerProvider(sampler=ParentBased(TraceIdRatioBased(share)), resource=resource)
        exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces", timeout=TIMEOUT_S)
        provider.add_span_processor(BatchSpanProcessor(exporter, max_queue_size=WAITING))
        return cls(provider)

    def begin(self, carried: Mapping[str, str], begun: int) -> Any:
        """Begin the span of a request; None where it is not to be traced.

        Parameters
        ----------
        carried
            Headers ``traceparent`` and ``tracestate`` of the request, where it has them.
        begun
            Nanoseconds since 1970.
        """
        context = _CARRIED.extract(carried)
        span = self._tracer.start_span("request", context, SpanKind.SERVER, start_time=begun)
        return span if span.is_recording() else None

    def stage(self, span: Any, name: str, begun: int, ended: int) -> None:
        """Add what a part of a request took; nanoseconds since 1970."""
        context = trace.set_span_in_context(span)
        self._tracer.start_span(name, context, start_time=begun).end(ended)

    def tell(self, span: Any, told: Mapping[str, str | int]) -> None:
        """Say more about a request; never anything of what was asked."""
        span.set_attributes(told)

    def end(self, span: Any, status: int, ended: int) -> None:
        """End the span of a request."""
        span.set_attribute("http.response.status_code", status)
        if status >= 500:
            span.set_status(Status(StatusCode.ERROR))
        span.end(ended)

    def close(self) -> None:
        """Send what waits, as long as that may take."""
        self._provider.shutdown()
