from __future__ import annotations

from dataclasses import dataclass

from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_families
from prometheus_client.parser import text_string_to_metric_families

from muster.adapters.telemetry.metrics import written


@dataclass
class Named:
    name: str
    kind: str
    labels: tuple[str, ...] = ()
    words: str = "Some words."


@dataclass
class Measured:
    family: str
    labels: tuple[str, ...] = ()
    value: float = 0.0
    buckets: tuple[int, ...] = ()


FAMILIES = {
    "asked": Named("asked", "counter", ("who",)),
    "level": Named("level", "gauge"),
    "taken": Named("taken", "histogram", ("who",)),
}
SAMPLES = [
    Measured("asked", ('q"uote\\\n',), 3.0),
    Measured("level", (), -1.5),
    Measured("taken", ("a",), 0.75, (1, 2, 3)),
    Measured("asked", ("b",), 4.0),
]


def test_figures_can_be_read_again() -> None:
    text, kind = written(FAMILIES, (0.1, 0.2), SAMPLES)
    assert kind.startswith("text/plain")
    found = {family.name: family for family in text_string_to_metric_families(text.decode())}
    assert {name: family.type for name, family in found.items()} == {
        "muster_asked": "counter",
        "muster_level": "gauge",
        "muster_taken": "histogram",
    }
    assert [(s.labels["who"], s.value) for s in found["muster_asked"].samples] == [('q"uote\\\n', 3.0), ("b", 4.0)]
    assert found["muster_level"].samples[0].value == -1.5
    taken = {(s.name, s.labels.get("le")): s.value for s in found["muster_taken"].samples}
    assert taken["muster_taken_bucket", "0.1"] == 1
    assert taken["muster_taken_bucket", "0.2"] == 3
    assert taken["muster_taken_bucket", "+Inf"] == taken["muster_taken_count", None] == 6
    assert taken["muster_taken_sum", None] == 0.75


def test_openmetrics_is_written_for_whoever_asks() -> None:
    text, kind = written(FAMILIES, (0.1, 0.2), SAMPLES, "application/openmetrics-text;version=1.0.0")
    assert kind.startswith("application/openmetrics-text")
    assert {family.name for family in open_families(text.decode())} == {"muster_asked", "muster_level", "muster_taken"}
