from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from muster.checks.kit import assert_lawful, credit_sample
from muster.checks.traffic.beside_champion import beside_champion
from muster.checks.traffic.listed import TRAFFIC
from muster.columns.sample import Sample
from muster.columns.statistics.intervals import difference
from muster.columns.traffic.trial import CHAMPION, FAULT, REFUSED, TRIED, decided, refused, within
from muster.records.evidence import Outcome
from muster.records.model import DecisionRule, Favourable

START = datetime(2026, 11, 1, tzinfo=UTC)
SPANS = [(START, START + timedelta(days=2)), (START + timedelta(days=5), None)]


def rows(
    of: str, size: int, *, day: float = 0.0, shift: float = 0.0, latency: int = 500, span: float = 1.0
) -> pa.Table:
    chance = np.random.default_rng(size)
    scores = np.clip(chance.beta(2, 5, size) + shift, 0, 1)
    at = [START + timedelta(days=day + span * place / max(size - 1, 1)) for place in range(size)]
    batch = pa.table(
        {
            "at": pa.array(at, pa.timestamp("us", "UTC")),
            "score": scores,
            "favourable": scores < 0.5,
            "latency_us": chance.gamma(20, latency / 20, size).astype(int),
            "input.sex": np.where(chance.random(size) < 0.5, "f", "m"),
        }
    )
    return decided(of, batch, ["sex"])


def trial(*parts: pa.Table) -> Sample:
    table = pa.concat_tables([within(part, SPANS) for part in (refused(TRIED, REFUSED, [], [], ["sex"]), *parts)])
    rule = DecisionRule(0.5, Favourable.BELOW, "approve", "refuse")
    return Sample.of(table, "score", rule, name="default/credit", digest="sha256:" + "0" * 64, role="trial")


def figures(sample: Sample, **parameters: Any) -> dict[str, Any]:
    found = beside_champion.measure(sample, parameters)
    assert found.outcome is Outcome.MEASURED, found.reason
    return {figure.name: figure for figure in found.figures}


ALIKE = trial(rows(TRIED, 900), rows(CHAMPION, 1_000), rows(TRIED, 300, day=5.5, span=0.25))


def test_a_version_is_held_against_the_champion_in_the_same_time() -> None:
    found = figures(ALIKE, groups="sex")
    assert found["decisions"].value == found["decisions"].n == 1_200
    assert found["days"].value == pytest.approx(1.25), "without the days in between"
    assert found["score_drift"].high < 0.1
    assert found["approval_rate_apart"].low < 0 < found["approval_rate_apart"].high
    assert found["not_within"].n == 1_000
    assert 0.8 < found["impact_ratio_least"].value <= 1.2
    assert "impact_ratio_least" not in figures(ALIKE)


def test_refusals_and_faults_are_told_apart_and_count_for_all_of_their_rows() -> None:
    at = [START + timedelta(hours=1)] * 2
    found = figures(
        trial(
            rows(TRIED, 900),
            rows(CHAMPION, 1_000),
            refused(TRIED, REFUSED, at, [60, 40], ["sex"]),
            refused(TRIED, FAULT, at, [4, 5], ["sex"]),
            refused(CHAMPION, REFUSED, at[:1], [10], ["sex"]),
        )
    )
    low, high = difference(100, 1_000, 10, 1_010)
    refusals = found["refusal_rate_more"]
    assert (refusals.low, refusals.high) == (float(low), float(high))
    assert found["error_rate_more"].value == pytest.approx(9 / 909)


def test_what_is_outside_of_the_spans_is_not_part_of_the_trial() -> None:
    found = figures(trial(rows(TRIED, 900), rows(CHAMPION, 900), rows(TRIED, 700, day=3, shift=0.5)))
    assert found["decisions"].value == 900
    assert found["score_drift"].high < 0.1


def test_a_figure_without_an_end_has_no_interval_that_could_meet_a_limit() -> None:
    found = figures(trial(rows(TRIED, 40), rows(CHAMPION, 40)))
    assert (found["latency_p99_ratio"].low, found["latency_p99_ratio"].high) == (None, None)


def test_figures_beyond_their_limits_and_those_that_nobody_knows_are_counted_and_told() -> None:
    wide = {"errors": 1.0, "refusals": 1.0, "latency": 9.0, "drift": 9.0, "approval": 1.0, "fairness": 0.0}
    assert figures(ALIKE, **wide, groups="sex")["not_within"].value == 0
    moved = trial(rows(TRIED, 900, shift=0.3), rows(CHAMPION, 1_000))
    found = figures(moved, **{**wide, "drift": 0.2, "approval": 0.1})["not_within"]
    assert found.value == 2
    assert "score_drift" in found.note
    assert "approval_rate_apart" in found.note
    assert figures(moved, **wide, least=901)["not_within"].value == 5, "too few to say anything"


def test_a_version_that_decided_nothing_has_figures_of_that() -> None:
    found = figures(trial(rows(CHAMPION, 40)))
    assert {name: figure.value for name, figure in found.items()} == {"decisions": 0, "days": 0, "not_within": 5}


def test_it_keeps_the_laws() -> None:
    assert_lawful(beside_champion, {"groups": "sex"}, ALIKE)
    assert (beside_champion,) == TRAFFIC


@pytest.mark.parametrize(
    ("sample", "parameters", "said"),
    [
        (credit_sample(), {}, "this measures trials"),
        (ALIKE, {"groups": "age"}, "has no input 'age'"),
        (ALIKE, {"groups": 3}, "must be text"),
        (ALIKE, {"errors": "none"}, "errors must be a number"),
        (ALIKE, {"drift": -1}, "drift must be a number"),
    ],
)
def test_what_is_no_trial_is_not_measured(sample: Sample, parameters: dict[str, Any], said: str) -> None:
    found = beside_champion.measure(sample, parameters)
    assert found.outcome is Outcome.NOT_MEASURED
    assert said in found.reason
