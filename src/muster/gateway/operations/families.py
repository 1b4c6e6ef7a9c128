"""Families: the figures that a gateway tells: their names, what they mean, and how those of several workers add up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from muster.gateway.http.counts import BITS


class Kind(StrEnum):
    """What a figure is, in the words of Prometheus."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


class Over(StrEnum):
    """What is told where several workers have a figure each."""

    SUM = "sum"
    LEAST = "least"
    MOST = "most"


@dataclass(frozen=True, slots=True)
class Family:
    """One figure: its name without ``muster_``, and without the endings that Prometheus adds."""

    name: str
    kind: Kind
    words: str
    labels: tuple[str, ...] = ()
    over: Over = Over.SUM


class Sample(msgspec.Struct, frozen=True, array_like=True):
    """The value of a figure, for some values of its labels."""

    family: str
    labels: tuple[str, ...] = ()
    value: float = 0.0
    """Of a histogram, the sum."""
    buckets: tuple[int, ...] = ()
    """Of a histogram, how many are in each of :data:`EDGES` and beyond the last, each counted once."""


FIRST, LAST = 14, 35
"""Bits of the nanoseconds at the first and the last edge: 16 microseconds and 34 seconds."""

EDGES = tuple(2**bits / 1e9 for bits in range(FIRST, LAST + 1))
"""Upper edges of the buckets of times, in seconds: each is twice the one before."""

_SERVING = ("deployment", "version")
_C, _G, _H = Kind.COUNTER, Kind.GAUGE, Kind.HISTOGRAM

FAMILIES = {
    family.name: family
    for family in (
        Family(
            "requests",
            _C,
            "Requests that a deployment was asked, by what became of them.",
            (*_SERVING, "door", "outcome"),
        ),
        Family("rows", _C, "Rows decided.", _SERVING),
        Family("refusals", _C, "Requests refused, by the guard that refused.", (*_SERVING, "guard")),
        Family("request_seconds", _H, "Time from a request's arrival to its answer, of those answered.", _SERVING),
        Family("turned_away", _C, "Requests answered with an error, by status.", ("status",)),
        Family("answers", _C, "Answers of language models.", (*_SERVING, "protocol", "outcome")),
        Family("answer_tokens", _C, "Tokens that language models read and wrote.", (*_SERVING, "direction")),
        Family("log_rows", _C, "Rows of the inference log brought to disk."),
        Family("log_bytes", _C, "Bytes of the inference log brought to disk."),
        Family("log_failures", _C, "Times that the disk refused the inference log."),
        Family("log_waiting_rows", _G, "Rows that wait for the disk."),
        Family("log_room_rows", _G, "Rows that may wait for the disk."),
        Family("log_failing", _G, "1 while the inference log takes no rows.", over=Over.MOST),
        Family("orders_number", _G, "Number of the orders in force; 0 while there are none.", over=Over.LEAST),
        Family("orders_issued_timestamp_seconds", _G, "When the orders in force were issued.", over=Over.LEAST),
        Family(
            "orders_expire_timestamp_seconds",
            _G,
            "When the orders in force end, and serving with them.",
            over=Over.LEAST,
        ),
        Family("root_expires_timestamp_seconds", _G, "When the trust root ends, and serving with it.", over=Over.LEAST),
        Family("orders_refused_looks", _G, "Looks at the outbox in a row whose orders were refused.", over=Over.MOST),
        Family(
            "deployment_admitted",
            _G,
            "1 where a deployment of the orders serves, 0 where not.",
            ("deployment",),
            Over.LEAST,
        ),
        Family(
            "deployment_ends_timestamp_seconds",
            _G,
            "Until when an admitted deployment serves.",
            ("deployment",),
            Over.LEAST,
        ),
        Family(
            "deployment_in_grace",
            _G,
            "1 where an admitted deployment lapsed, and serves in the grace of its policy only.",
            ("deployment",),
            Over.MOST,
        ),
        Family(
            "arm_admitted",
            _G,
            "1 where a challenger or shadow of the orders is proven and stands, 0 where not.",
            (*_SERVING, "part"),
            Over.LEAST,
        ),
        Family(
            "arm_ends_timestamp_seconds",
            _G,
            "Until when an admitted challenger or shadow stands.",
            (*_SERVING, "part"),
            Over.LEAST,
        ),
        Family(
            "arm_share",
            _G,
            "Share of the people whom a challenger answers, or a shadow sees.",
            (*_SERVING, "part"),
            Over.LEAST,
        ),
        Family(
            "model_worker_restarts", _C, "Times that the worker of a model's own library was started again.", _SERVING
        ),
        Family("model_worker_up", _G, "1 while the worker of a model's own library takes rows.", _SERVING, Over.LEAST),
        Family("ready", _G, "1 where requests would be answered.", over=Over.LEAST),
        Family("shadow_requests", _C, "Requests that shadows were to see, by outcome.", (*_SERVING, "outcome")),
        Family("workers", _G, "Processes that serve."),
        Family("worker_restarts", _C, "Workers that ended by themselves and were started again."),
        Family("process_cpu_seconds", _C, "Processor time used."),
        Family("process_resident_bytes", _G, "Memory in use."),
        Family("process_open_descriptors", _G, "Files and connections open."),
        Family("process_start_timestamp_seconds", _G, "When the process began.", over=Over.LEAST),
        Family("build_info", _G, "Always 1.", ("version",), Over.MOST),
    )
}
"""By name."""


def spread(latency: Sequence[int]) -> tuple[int, ...]:
    """Return times counted by their bits as counts by :data:`EDGES`, those beyond the last edge at the end."""
    inner = latency[FIRST + 1 : LAST + 1]
    return (sum(latency[: FIRST + 1]), *inner, sum(latency[LAST + 1 : BITS + 1]))


def joined(tellings: Iterable[Sequence[Sample]]) -> list[Sample]:
    """Join what several workers tell, as each family says."""
    found: dict[tuple[str, tuple[str, ...]], Sample] = {}
    for sample in (sample for telling in tellings for sample in telling):
        key = sample.family, sample.labels
        found[key] = _joined(found[key], sample) if key in found else sample
    return list(found.values())


def kept(telling: Sequence[Sample]) -> list[Sample]:
    """Return what remains true once its process has ended: counts."""
    return [sample for sample in telling if FAMILIES[sample.family].kind is not Kind.GAUGE]


def _joined(one: Sample, other: Sample) -> Sample:
    over = FAMILIES[one.family].over
    if over is not Over.SUM:
        value = min(one.value, other.value) if over is Over.LEAST else max(one.value, other.value)
        return Sample(one.family, one.labels, value)
    buckets = tuple(map(sum, zip(one.buckets, other.buckets, strict=True)))
    return Sample(one.family, one.labels, one.value + other.value, buckets)
