import numpy as np
import pyarrow as pa
import pytest

from muster.checks.fairness.decisions.local_law_144 import local_law_144
from muster.checks.kit import assert_lawful, credit_sample
from muster.columns.sample import Sample
from muster.records.evidence import Figure
from muster.records.model import DecisionRule, Favourable

ASKED = {"sex": "sex", "race": "race"}


def sample_of() -> Sample:
    """600 people in six cells, ten more in a cell under 2 %, and five of unknown race."""
    cells = {
        ("m", "h"): (60, 100), ("m", "n"): (50, 100), ("m", "w"): (80, 100),
        ("f", "h"): (40, 100), ("f", "n"): (45, 100), ("f", "w"): (70, 100),
        ("f", "p"): (10, 10), ("m", None): (5, 5),
    }  # fmt: skip
    rows = [(*key, place < hits) for key, (hits, size) in cells.items() for place in range(size)]
    table = pa.table({"sex": [row[0] for row in rows], "race": [row[1] for row in rows]})
    scores = np.asarray([0.6 + 0.001 * (index % 7) if row[2] else 0.2 for index, row in enumerate(rows)])
    rule = DecisionRule(0.5, Favourable.AT_LEAST)
    return Sample.of(table, scores, rule, name="hiring", digest="sha256:00", role="held-out")


def figures(**parameters: object) -> dict[tuple[str, str], Figure]:
    measured = local_law_144.measure(sample_of(), {**ASKED, **parameters})
    assert not measured.reason
    return {(figure.name, figure.group): figure for figure in measured.figures}


def test_the_three_tables_by_hand() -> None:
    found = figures()
    assert found["selection_rate", "sex=m"].value == 195 / 305
    assert found["impact_ratio", "sex=f"].value == pytest.approx((165 / 310) / (195 / 305))
    assert found["impact_ratio", "race=h"].value == pytest.approx(0.5 / 0.75)
    assert found["impact_ratio", "sex x race=m x w"].value == 1.0
    assert found["impact_ratio", "sex x race=f x h"].value == pytest.approx(0.4 / 0.8)
    assert found["impact_ratio", "sex x race=f x h"].n == 100


def test_small_categories_are_shown_but_set_no_standard() -> None:
    found = figures()
    small = found["excluded_impact_ratio", "race=p"]
    assert (small.value, small.n) == (pytest.approx(1 / 0.75), 10)
    assert "required ratios may leave it out" in small.note
    assert ("impact_ratio", "race=p") not in found
    assert found["selection_rate", "race=p"].value == 1.0
    every = figures(exclude_under=0)
    assert every["impact_ratio", "race=p"].value == 1.0
    assert every["impact_ratio", "race=w"].value == 0.75


def test_unknown_people_are_counted_and_in_no_table() -> None:
    found = figures()
    assert (found["unknown_count", "race"].value, found["unknown_count", "race"].n) == (5.0, 615)
    assert (found["unknown_count", "sex"].value, found["unknown_count", "sex x race"].value) == (0.0, 5.0)
    assert (
        sum(
            figure.value for (name, group), figure in found.items() if name == "category_share" and group[:5] == "race="
        )
        == 1
    )


def test_scoring_rates_count_scores_better_than_the_median() -> None:
    sample = sample_of()
    found = figures(rate="scoring")
    better = sample.scores > np.median(sample.scores)
    men = np.asarray(sample.table["sex"].to_pylist()) == "m"
    assert found["scoring_rate", "sex=m"].value == better[men].mean()
    low_is_good = credit_sample(500)
    measured = local_law_144.measure(low_is_good, {"sex": "sex", "race": "region", "rate": "scoring"})
    women = np.asarray(low_is_good.table["sex"].to_pylist()) == "female"
    expected = (low_is_good.scores < np.median(low_is_good.scores))[women].mean()
    assert measured.figures[0].value == expected


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({"rate": "speed"}, "parameter rate must be selection or scoring"),
        ({"exclude_under": 2}, "must be a share from 0 to under 1"),
        ({"exclude_under": 0.9}, "fewer than two categories have rows, or in none"),
    ],
)
def test_what_cannot_be_is_refused(parameters: dict[str, object], reason: str) -> None:
    assert reason in local_law_144.measure(sample_of(), {**ASKED, **parameters}).reason


def test_it_keeps_the_laws() -> None:
    assert_lawful(local_law_144, {"sex": "sex", "race": "age", "bands": {"age": [30, 60]}})
