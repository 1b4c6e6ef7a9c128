import numpy as np
import pyarrow as pa
import pytest
from scipy.stats.contingency import odds_ratio as exact

from muster.checks.fairness.decisions.odds_ratio import odds_ratio
from muster.checks.kit import assert_lawful
from muster.columns.sample import Sample
from muster.records.evidence import Figure
from muster.records.model import DecisionRule, Favourable


def sample_of(counts: dict[tuple[str, str, bool], int]) -> Sample:
    rows = [key for key, count in counts.items() for _ in range(count)]
    table = pa.table({"g": [row[0] for row in rows], "s": [row[1] for row in rows]})
    got = np.asarray([float(row[2]) for row in rows])
    rule = DecisionRule(0.5, Favourable.AT_LEAST)
    return Sample.of(table, got, rule, name="counts", digest="sha256:00", role="held-out")


def figures(sample: Sample, **parameters: object) -> dict[tuple[str, str], Figure]:
    measured = odds_ratio.measure(sample, {"attribute": "g", "reference": "a", **parameters})
    assert not measured.reason
    return {(figure.name, figure.group): figure for figure in measured.figures}


COUNTS = {
    ("a", "x", True): 60, ("a", "x", False): 20, ("b", "x", True): 30, ("b", "x", False): 20,
    ("a", "y", True): 10, ("a", "y", False): 30, ("b", "y", True): 15, ("b", "y", False): 70,
}  # fmt: skip


def test_odds_ratio_is_the_sample_ratio_of_scipy() -> None:
    found = figures(sample_of(COUNTS))["odds_ratio", "g=b"]
    peer = exact([[45, 90], [70, 50]], kind="sample")
    assert found.value == pytest.approx(peer.statistic)
    interval = peer.confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high))
    assert figures(sample_of(COUNTS))["odds_ratio", "g=a"].value == 1.0


def test_strata_change_the_ratio() -> None:
    found = figures(sample_of(COUNTS), strata=["s"])
    common = found["conditional_odds_ratio", "g=b"]
    by_hand = (30 * 20 / 130 + 15 * 30 / 125) / (20 * 60 / 130 + 70 * 10 / 125)
    assert common.value == pytest.approx(by_hand)
    assert common.low < common.value < common.high
    assert common.value > found["odds_ratio", "g=b"].value, "part of the gap was the strata's"
    assert (common.n, common.note) == (255, "2 strata that tell the groups apart")
    assert 0 < found["conditional_p_value", "g=b"].value < 0.2
    homogeneous = found["homogeneity_p", "g=b"]
    assert 0.1 < homogeneous.value < 1
    assert homogeneous.note.endswith("on 1 degrees of freedom")


def test_opposite_strata_are_not_said_to_have_one_ratio() -> None:
    opposite = {
        ("a", "x", True): 80, ("a", "x", False): 20, ("b", "x", True): 20, ("b", "x", False): 80,
        ("a", "y", True): 20, ("a", "y", False): 80, ("b", "y", True): 80, ("b", "y", False): 20,
    }  # fmt: skip
    found = figures(sample_of(opposite), strata=["s"])
    assert found["conditional_odds_ratio", "g=b"].value == pytest.approx(1.0)
    assert found["homogeneity_p", "g=b"].value < 1e-20
    alone = figures(sample_of({key: n for key, n in opposite.items() if key[1] == "x"}), strata=["s"])
    assert (alone["homogeneity_p", "g=b"].value, alone["homogeneity_p", "g=b"].note[:11]) == (1.0, "one stratum")


def test_an_empty_cell_gives_a_wide_interval_not_infinity() -> None:
    found = figures(sample_of({**COUNTS, ("c", "x", False): 5}), strata=["s"])
    plain = found["odds_ratio", "g=c"]
    assert 0 < plain.low < plain.value < plain.high < 10
    assert "half a count" in plain.note
    within = found["conditional_odds_ratio", "g=c"]
    assert (within.value, within.n, within.low) == (0.0, 0, None)
    assert "every favourable decision went to one group" in within.note
    assert found["conditional_odds_ratio", "g=b"].n == 255, "the others keep their figures"


def test_it_keeps_the_laws() -> None:
    assert_lawful(odds_ratio, {"attribute": "age", "bands": [25, 62], "strata": ["region"]})
