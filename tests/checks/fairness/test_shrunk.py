import numpy as np
import pyarrow as pa
import pytest

from muster.checks.fairness.impact_ratio import impact_ratio
from muster.checks.kit import assert_lawful, credit_sample
from muster.columns.sample import Sample
from muster.records.evidence import Figure
from muster.records.model import DecisionRule, Favourable

CELLS = {("f", "n"): (300, 150), ("f", "s"): (6, 0), ("m", "n"): (700, 490), ("m", "s"): (400, 240)}
"""Size and favourable decisions by sex and place; six women of the south, all of them refused."""


def sample_of(cells: dict[tuple[str, str], tuple[int, int]]) -> Sample:
    rows = [(*key, place < hits) for key, (size, hits) in cells.items() for place in range(size)]
    table = pa.table({"sex": [row[0] for row in rows], "place": [row[1] for row in rows]})
    got = np.asarray([float(row[2]) for row in rows])
    rule = DecisionRule(0.5, Favourable.AT_LEAST)
    return Sample.of(table, got, rule, name="counts", digest="sha256:00", role="held-out")


def figures(sample: Sample, **parameters: object) -> dict[tuple[str, str], Figure]:
    measured = impact_ratio.measure(sample, {"attribute": "sex", **parameters})
    assert not measured.reason
    return {(figure.name, figure.group.rpartition("=")[2]): figure for figure in measured.figures}


def test_a_small_intersection_is_drawn_towards_its_parts_and_shown_raw_too() -> None:
    found = figures(sample_of(CELLS), cross=["place"])
    raw, shrunk = found["impact_ratio", "f x s"], found["shrunk_impact_ratio", "f x s"]
    assert (raw.value, raw.n) == (0.0, 6)
    assert shrunk.n == 6, "n stays the number of people"
    assert 0.3 < shrunk.value < 0.8, "women get 0.71 of what men get, the south 0.86 of the north"
    assert shrunk.low < shrunk.value < shrunk.high
    assert shrunk.high - shrunk.low < raw.high - raw.low
    large, same = found["shrunk_impact_ratio", "f x n"], found["impact_ratio", "f x n"]
    assert large.value == pytest.approx(same.value, abs=0.05)
    assert found["shrunk_impact_ratio", "m x n"].value == 1.0


def test_a_single_attribute_is_not_shrunk() -> None:
    assert not [name for name, _ in figures(sample_of(CELLS)) if name.startswith("shrunk")]


def test_where_everyone_is_favoured_it_is_said() -> None:
    everyone = {key: (size, size) for key, (size, _) in CELLS.items()}
    measured = impact_ratio.measure(sample_of(everyone), {"attribute": "sex", "cross": ["place"]})
    assert "Rates are not shrunk: everyone or nobody" in measured.method
    assert {figure.value for figure in measured.figures if figure.name == "impact_ratio"} == {1.0}


def test_who_is_of_no_known_group_is_left_out_of_it() -> None:
    table = sample_of(CELLS).table
    some = pa.array([None if row % 50 == 0 else name for row, name in enumerate(table.column("sex").to_pylist())])
    sample = sample_of(CELLS)
    lost = Sample.of(
        table.set_column(0, "sex", some), sample.raw_scores, sample.rule, name="c", digest="sha256:00", role="held-out"
    )
    found = figures(lost, cross=["place"])
    assert found["impact_ratio", "unknown"].n > 0
    assert ("shrunk_impact_ratio", "unknown") not in found


def test_it_keeps_the_laws() -> None:
    asked = {"attribute": "sex", "cross": ["age"], "bands": {"age": [25, 62]}}
    found = assert_lawful(impact_ratio, asked, credit_sample())
    assert "empirical Bayes" in found.method
