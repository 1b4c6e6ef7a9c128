from __future__ import annotations

import re
from itertools import accumulate

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from muster.gateway.http.counts import OIP, Counts
from muster.gateway.operations.families import EDGES, FAMILIES, Kind, Over, Sample, joined, kept, spread


def test_names_are_those_that_prometheus_takes() -> None:
    for name, family in FAMILIES.items():
        assert name == family.name
        assert re.fullmatch(r"[a-z][a-z_]*[a-z]", name)
        assert family.words.endswith(".")
        assert not name.endswith("_total")  # the library adds it
        assert family.over is Over.SUM or family.kind is Kind.GAUGE


@given(st.lists(st.integers(0, 2**45), max_size=50))
def test_every_time_is_counted_once_and_below_its_edge(times: list[int]) -> None:
    counts = Counts()
    for nanoseconds in times:
        counts.answer(1, nanoseconds, OIP, 0)
    buckets = spread(counts.latency)
    assert len(buckets) == len(EDGES) + 1
    assert sum(buckets) == len(times)
    for edge, below in zip(EDGES, accumulate(buckets), strict=False):
        assert below == sum(nanoseconds / 1e9 < edge for nanoseconds in times)


def test_workers_are_joined_as_each_figure_asks() -> None:
    one = [
        Sample("rows", ("loans", "v"), 3.0),
        Sample("orders_number", (), 7.0),
        Sample("log_failing", (), 0.0),
        Sample("request_seconds", ("loans", "v"), 0.5, (1, 2)),
    ]
    other = [
        Sample("rows", ("loans", "v"), 4.0),
        Sample("rows", ("loans", "w"), 1.0),
        Sample("orders_number", (), 6.0),
        Sample("log_failing", (), 1.0),
        Sample("request_seconds", ("loans", "v"), 0.25, (0, 5)),
    ]
    found = {(sample.family, sample.labels): sample for sample in joined([one, other])}
    assert found["rows", ("loans", "v")].value == 7.0
    assert found["rows", ("loans", "w")].value == 1.0
    assert found["orders_number", ()].value == 6.0
    assert found["log_failing", ()].value == 1.0
    assert found["request_seconds", ("loans", "v")] == Sample("request_seconds", ("loans", "v"), 0.75, (1, 7))
    assert {sample.family for sample in kept(one)} == {"rows", "request_seconds"}


def test_samples_travel_as_json() -> None:
    sample = Sample("request_seconds", ("loans", "v"), 0.5, (1, 2))
    assert msgspec.json.decode(msgspec.json.encode(sample), type=Sample) == sample
