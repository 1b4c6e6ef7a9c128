"""Metrics: figures in the words of Prometheus, written by its own client library through a collector of ours.

Its counters are not used: they take a lock at every request. What is counted are plain integers elsewhere, and this
reads them when somebody asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector, CollectorRegistry

PREFIX = "muster_"


class Named(Protocol):
    """A figure that is told, as :class:`muster.gateway.operations.families.Family` is one."""

    @property
    def name(self) -> str:
        """Its name without prefix and ending."""
        ...

    @property
    def kind(self) -> str:
        """``counter``, ``gauge`` or ``histogram``."""
        ...

    @property
    def words(self) -> str:
        """What it means."""
        ...

    @property
    def labels(self) -> Sequence[str]:
        """Names of its labels."""
        ...


class Measured(Protocol):
    """One value of a figure."""

    @property
    def family(self) -> str:
        """Which figure."""
        ...

    @property
    def labels(self) -> Sequence[str]:
        """Values of its labels."""
        ...

    @property
    def value(self) -> float:
        """The value; of a histogram, the sum."""
        ...

    @property
    def buckets(self) -> Sequence[int]:
        """Of a histogram: how many in each bucket, and beyond the last edge."""
        ...


class _Told(Collector):
    """Gives the figures of one moment to the library."""

    def __init__(self, families: Mapping[str, Named], edges: Sequence[float], samples: Iterable[Measured]) -> None:
        self._families, self._edges, self._samples = families, edges, samples

    def collect(self) -> Iterator[Metric]:
        """Yield each figure that has a value."""
        found: dict[str, list[Measured]] = {}
        for sample in self._samples:
            found.setdefault(sample.family, []).append(sample)
        for name, samples in found.items():
            yield self._metric(self._families[name], samples)

    def _metric(self, family: Named, samples: Sequence[Measured]) -> Metric:
        name = PREFIX + family.name
        if family.kind == "histogram":
            histogram = HistogramMetricFamily(name, family.words, labels=family.labels)
            for sample in samples:
                histogram.add_metric(sample.labels, self._buckets(sample.buckets), sample.value)
            return histogram
        kind = CounterMetricFamily if family.kind == "counter" else GaugeMetricFamily
        metric = kind(name, family.words, labels=family.labels)
        for sample in samples:
            metric.add_metric(sample.labels, sample.value)
        return metric

    def _buckets(self, counts: Sequence[int]) -> list[tuple[str, int]]:
        """Return how many are at each edge or below, as Prometheus wants them."""
        names = [*(f"{edge:.9g}" for edge in self._edges), "+Inf"]
        total = 0
        found = []
        for name, count in zip(names, counts, strict=True):
            total += count
            found.append((name, total))
        return found


def written(
    families: Mapping[str, Named], edges: Sequence[float], samples: Iterable[Measured], accepted: str = ""
) -> tuple[bytes, str]:
    """Return figures as text and the content type of it.

    Parameters
    ----------
    families
        By name.
    edges
        Of the buckets of histograms, in seconds.
    samples
        The figures.
    accepted
        What the asker takes, as the header ``Accept`` says it; Prometheus' plain text otherwise.
    """
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Told(families, edges, samples))
    encode, kind = choose_encoder(accepted)
    content: bytes = encode(registry)
    return content, kind
