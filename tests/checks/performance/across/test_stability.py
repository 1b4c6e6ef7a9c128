from collections.abc import Callable
from datetime import date
from functools import partial

import numpy as np
import pyarrow as pa
import pytest
from sklearn.metrics import accuracy_score, roc_auc_score
from tests.checks.measured import figures_of

from muster.checks.registry import measure
from muster.columns.sample import Sample
from muster.columns.statistics.ranking import area
from muster.records.evidence import Figure

MakeSample = Callable[..., Sample]


figures = partial(figures_of, "performance.stability")


def dated(sample: Sample, days: list[date | None]) -> pa.Table:
    return sample.table.append_column("day", pa.array([days[row % len(days)] for row in range(sample.rows)]))


def test_each_part_is_measured_by_itself(make_sample: MakeSample) -> None:
    sample = make_sample()
    found = figures(sample, column="region", reference="south")
    regions = np.asarray(sample.table.column("region").to_pylist())
    for region in ("north", "south"):
        inside, group = regions == region, f"region={region}"
        assert found["auc", group].value == pytest.approx(roc_auc_score(sample.labels[inside], sample.scores[inside]))
        right = accuracy_score(sample.labels[inside], sample.scores[inside] >= 0.3)
        assert found["accuracy", group].value == pytest.approx(right)
        assert found["positive_rate", group].n == inside.sum()
    change = found["auc_change", "region=north"]
    parts = [area(sample.scores[regions == region], sample.labels[regions == region]) for region in ("north", "south")]
    assert change.value == pytest.approx(parts[0].value - parts[1].value)
    assert (change.high - change.low) / 2 == pytest.approx(1.96 * np.hypot(parts[0].error, parts[1].error), rel=1e-4)
    assert found["auc_change", "region=south"].value == 0.0


def test_decay_over_time_is_found(make_sample: MakeSample) -> None:
    sample = make_sample()
    table = dated(sample, [date(2023, 5, 1), date(2024, 2, 1)])
    scores = sample.scores.copy()
    scores[1::2] = np.random.default_rng(1).permutation(scores[1::2])
    found = figures(make_sample(table=table, scores=scores, time="day"))
    assert found["auc_change", "day=2024"].high < -0.05
    assert found["auc_change", "day=2023"].value == 0.0
    quarters = figures(make_sample(table=table, scores=scores, time="day"), period="quarter")
    assert ("auc", "day=2024-Q1") in quarters
    assert figures(make_sample(table=table, scores=scores), column="day", period="quarter") == quarters


def test_a_part_that_cannot_be_ranked_is_assumed_to_be_worst(make_sample: MakeSample) -> None:
    sample = make_sample()
    alone = int(np.flatnonzero(sample.labels)[0])
    table = sample.table.append_column("split", pa.array(["other" if row == alone else "main" for row in range(4000)]))
    found = figures(make_sample(table=table), column="split", reference="main")
    assert (found["auc", "split=other"].value, found["auc", "split=other"].n) == (0.0, 1)
    assert "the worst is assumed" in found["auc_change", "split=other"].note


def test_rows_without_a_time_are_a_part_of_their_own(make_sample: MakeSample) -> None:
    sample = make_sample()
    table = dated(sample, [date(2023, 5, 1), None])
    assert found_groups(figures(make_sample(table=table, time="day"))) == {"day=2023", "day=unknown"}


def found_groups(found: dict[tuple[str, str], Figure]) -> set[str]:
    return {group for _, group in found}


def test_what_cannot_be_compared_says_why(make_sample: MakeSample) -> None:
    sample = make_sample(200)
    assert "has no time: name a column" in measure("performance.stability", sample, {}).reason
    same = make_sample(200, table=sample.table.append_column("split", pa.array(["x"] * 200)))
    assert "in one part beside it" in measure("performance.stability", same, {"column": "split"}).reason
    both = {"column": "region", "period": "year", "bands": [1]}
    assert "give one of them" in measure("performance.stability", sample, both).reason
    reference = {"column": "region", "reference": "west"}
    assert "region has no group 'west'" in measure("performance.stability", sample, reference).reason
