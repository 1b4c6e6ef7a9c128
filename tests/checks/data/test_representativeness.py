import numpy as np
import pyarrow as pa
import pytest
import scipy.stats as st

from muster.checks.data.representativeness import representativeness
from muster.checks.kit import assert_lawful, credit_sample
from muster.columns.rescoring import Companion
from muster.columns.sample import Sample
from muster.columns.statistics.intervals import difference, wilson

SHARES = {"east": 0.2, "north": 0.3, "south": 0.5}


def regions(**counts: int) -> pa.Table:
    return pa.table({"region": [name for name, count in counts.items() for _ in range(count)] + [None] * 10})


def sample_of(table: pa.Table) -> Sample:
    return credit_sample(data=table, scores=np.full(table.num_rows, 0.2), inputs=("region",), target="")


def test_shares_of_a_census_are_compared_with_scipys_chi_square() -> None:
    found = assert_lawful(
        representativeness, {"attribute": "region", "shares": SHARES}, sample_of(regions(east=10, north=30, south=60))
    )
    figures = {(figure.name, figure.group): figure for figure in found.figures}
    expected = st.chisquare([10, 30, 60], [20, 30, 50])
    assert figures["chi_square", ""].value == pytest.approx(expected.statistic)
    assert figures["chi_square_p", ""].value == pytest.approx(expected.pvalue)
    east = figures["share_difference", "region=east"]
    low, high = wilson(10, 100)
    assert (east.value, east.low, east.high, east.n) == (0.1 - 0.2, low - 0.2, high - 0.2, 100)
    assert figures["representation_ratio", "region=south"].value == pytest.approx(1.2)
    assert figures["unknown_share", ""].value == 10 / 110


def test_a_group_that_nobody_belongs_to_is_shown() -> None:
    found = representativeness.measure(
        sample_of(regions(north=50, south=50)), {"attribute": "region", "shares": SHARES}
    )
    ratios = {figure.group: figure.value for figure in found.figures if figure.name == "representation_ratio"}
    assert ratios["region=east"] == 0.0


def test_rows_beside_the_sample_are_the_reference_else() -> None:
    other = Companion.of(regions(north=80, south=120), name="fit", digest="sha256:02", role="training")
    sample = sample_of(regions(east=10, north=30, south=60)).beside(companion=other)
    found = assert_lawful(representativeness, {"attribute": "region"}, sample)
    figures = {(figure.name, figure.group): figure for figure in found.figures}
    expected = st.chi2_contingency([[10, 30, 60], [0, 80, 120]], correction=False)
    assert figures["chi_square_p", ""].value == pytest.approx(expected.pvalue)
    north = figures["share_difference", "region=north"]
    assert (north.low, north.high) == difference(30, 100, 80, 200)
    assert figures["share_difference", "region=east"].value == 0.1
    assert ("representation_ratio", "region=east") not in figures
    assert "fit (training, sha256:02)" in found.method


@pytest.mark.parametrize(
    ("shares", "complaint"),
    [
        ({"east": 0.2, "north": 0.3, "south": 0.4}, "must sum to 1, they sum to 0.9"),
        ({"north": 0.4, "south": 0.6}, "region has the group east, of which parameter shares says nothing"),
        ({"north": 1.0}, "must give each group of region its share above 0"),
        ([0.5, 0.5], "must give each group"),
    ],
)
def test_shares_that_cannot_be_a_reference_are_refused(shares: object, complaint: str) -> None:
    found = representativeness.measure(
        sample_of(regions(east=1, north=1, south=1)), {"attribute": "region", "shares": shares}
    )
    assert complaint in found.reason


def test_nobody_known_cannot_be_compared() -> None:
    table = pa.table({"region": pa.array([None, None], pa.string())})
    assert "known of no row" in representativeness.measure(sample_of(table), {"attribute": "region"}).reason
