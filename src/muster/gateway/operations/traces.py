"""Traces: a span for each request that is sampled, with one for each stage; others run as if there were none."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any, Protocol, cast

from muster.gateway.http.asgi import Message, Receive, Send
from muster.gateway.http.telling import Watch
from muster.gateway.served import Served

CARRIED = (b"traceparent", b"tracestate")
"""Headers by which a caller says what a request is part of (W3C Trace Context)."""

STAGES = {"guards": {"feed": "guard"}, "encoder": {"encode": "encode"}, "model": {"scores": "score"}}
"""What is measured of a deployment that answers: parts, methods, and the names of their spans."""

LOGGED = {"decided": "log"}
"""As :data:`STAGES`, of what writes the log."""


class Tracer(Protocol):
    """Makes spans, as :class:`muster.adapters.telemetry.tracing.Tracing` does."""

    def begin(self, carried: Mapping[str, str], begun: int) -> Any:
        """Begin the span of a request; None where it is not sampled."""
        ...

    def stage(self, span: Any, name: str, begun: int, ended: int) -> None:
        """Add a span below it."""
        ...

    def tell(self, span: Any, told: Mapping[str, str | int]) -> None:
        """Say more about it."""
        ...

    def end(self, span: Any, status: int, ended: int) -> None:
        """End it."""
        ...

    def close(self) -> None:
        """Send what waits."""
        ...


_current: ContextVar[Any] = ContextVar("span", default=None)


@dataclass(slots=True)
class Traces:
    """ASGI application around the gateway, and a watch of its desk.

    Parameters
    ----------
    gateway
        Answers requests.
    tracer
        Makes spans.
    """

    gateway: Callable[[Message, Receive, Send], Awaitable[None]]
    tracer: Tracer

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer a request, and trace it if it is sampled."""
        heads = {name.decode(): value.decode("latin-1") for name, value in scope["headers"] if name in CARRIED}
        span = self.tracer.begin(heads, time.time_ns())
        if span is None:
            await self.gateway(scope, receive, send)
            return
        status = 500
        token = _current.set(span)

        async def noticing(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self.gateway(scope, receive, noticing)
        finally:
            _current.reset(token)
            self.tracer.end(span, status, time.time_ns())

    def traced(self, served: Served, called: str = "") -> Served:
        """Return what measures its stages, where this request is sampled."""
        span = _current.get()
        if span is None:
            return served
        stages = {part: {name: called + stage for name, stage in each.items()} for part, each in STAGES.items()}
        parts = {part: _Timed(getattr(served, part), each, self.tracer, span) for part, each in stages.items()}
        logged = {name: called + stage for name, stage in LOGGED.items()}
        recorder = _Timed(served.recorder, logged, self.tracer, span)
        return replace(served, **cast("Any", parts), recorder=cast("Any", recorder))

    def ended(self, served: Served, request_id: str, door: str, status: int, nanoseconds: int) -> None:
        """Say of the span what it was about."""
        del nanoseconds, status  # the span has both
        # Large requests are worked off in threads, which know of no context: what answered knows its span.
        recorder = getattr(served, "recorder", None)
        span = recorder.span if isinstance(recorder, _Timed) else _current.get()
        if span is None:
            return
        told = {"muster.deployment": served.decisions.deployment, "muster.version": served.version, "muster.door": door}
        self.tracer.tell(span, told | ({"muster.request_id": request_id} if request_id else {}))


class _Timed:
    """A part of a deployment, some of whose methods become spans; everything else is the part's own."""

    def __init__(self, part: Any, stages: Mapping[str, str], tracer: Tracer, span: Any) -> None:
        self._part, self._stages, self._tracer, self.span = part, stages, tracer, span

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._part, name)
        stage = self._stages.get(name)
        if stage is None:
            return found

        def timed(*given: Any) -> Any:
            begun = time.time_ns()
            try:
                return found(*given)
            finally:
                self._tracer.stage(self.span, stage, begun, time.time_ns())

        return timed


@dataclass(frozen=True, slots=True)
class Several:
    """Several watches, told one after another."""

    watches: Sequence[Watch]

    def traced(self, served: Served, called: str = "") -> Served:
        """Let each have its way."""
        for watch in self.watches:
            served = watch.traced(served, called)
        return served

    def ended(self, served: Served, request_id: str, door: str, status: int, nanoseconds: int) -> None:
        """Tell each."""
        for watch in self.watches:
            watch.ended(served, request_id, door, status, nanoseconds)
