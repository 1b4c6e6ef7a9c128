from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from muster.checks.drift.population_stability import compare_profiles
from muster.checks.registry import measure
from muster.columns.profile import Profile
from muster.columns.sample import Sample
from muster.records.data import Column, ColumnType
from muster.records.evidence import Figure, Outcome

COLUMNS = (Column("income", ColumnType.NUMBER), Column("region", ColumnType.CATEGORY))
NUMBER = (Column("x", ColumnType.NUMBER),)
CATEGORY = (Column("c", ColumnType.CATEGORY),)


def figures(found: tuple[Figure, ...]) -> dict[tuple[str, str], Figure]:
    return {(figure.name, figure.group): figure for figure in found}


def compared(then: object, now: object, columns: tuple[Column, ...] = NUMBER) -> dict[tuple[str, str], Figure]:
    name = columns[0].name
    reference = Profile.of(pa.table({name: then}), columns)
    return figures(compare_profiles(reference, reference.count(pa.table({name: now}))))


def test_no_drift_is_not_called_drift(make_sample: Callable[..., Sample]) -> None:
    reference = make_sample(seed=2).freeze(COLUMNS)
    quiet = 0
    for seed in range(30):
        found = measure("drift.population_stability", make_sample(2000, seed=seed + 10, reference=reference), {})
        values = figures(found.figures)
        assert {group for _, group in values} == {"income", "region", "score"}
        assert max(figure.value for (name, _), figure in values.items() if name == "psi") < 0.05
        quiet += all(figure.low == 0 for (name, _), figure in values.items() if name == "psi")
    assert quiet >= 27


def test_one_sentinel_hides_nothing() -> None:
    generator = np.random.default_rng(0)
    then, now = generator.normal(size=50_000), generator.normal(1.0, 1.0, 50_000)
    plain = compared(then, now)["psi", "x"].value
    hidden = compared(np.append(then, 999_999_999.0), now)["psi", "x"].value
    assert plain == pytest.approx(1.0, abs=0.1), "the index of two unit normals one apart is 1"
    assert hidden == pytest.approx(plain, rel=0.02)


def test_distance_is_near_that_of_the_rows_themselves() -> None:
    generator = np.random.default_rng(1)
    then, now = generator.lognormal(size=20_000), generator.lognormal(0.1, 1.0, 5000)
    found = compared(then, now)["ks", "x"]
    assert found.value == pytest.approx(stats.ks_2samp(then, now).statistic, abs=2e-3)
    assert found.n == 5000


def test_missing_values_are_drift_of_their_own() -> None:
    generator = np.random.default_rng(2)
    then, now = generator.normal(size=5000), generator.normal(size=2000)
    now[generator.random(2000) < 0.2] = np.nan
    found = compared(then, now)
    assert found["psi", "x"].value > 0.25
    assert found["missing_shift", "x"].value == found["missing_share", "x"].value == np.isnan(now).mean()
    assert found["missing_shift", "x"].low > 0.15


def test_a_new_category_is_drift_and_many_categories_are_none() -> None:
    generator = np.random.default_rng(3)
    assert compared(["a"] * 900 + ["b"] * 100, ["a"] * 80 + ["new"] * 20, CATEGORY)["psi", "c"].low > 0.1
    names = np.asarray([f"code {number}" for number in range(1000)])
    codes = compared(generator.choice(names, 50_000), generator.choice(names, 2000), CATEGORY)
    assert codes["psi", "c"].low == 0.0


def test_only_the_named_columns(make_sample: Callable[..., Sample]) -> None:
    sample = make_sample(reference=make_sample(seed=2).freeze(COLUMNS))
    found = measure("drift.population_stability", sample, {"columns": ["score"], "bins": 10})
    assert {figure.group for figure in found.figures} == {"score"}
    strange = measure("drift.population_stability", sample, {"columns": ["SEX"]})
    assert strange.reason == "the reference profile has no column SEX; it has income, region, score"


def test_a_window_that_lost_a_column_is_not_measured(make_sample: Callable[..., Sample]) -> None:
    reference = make_sample(seed=2).freeze(COLUMNS)
    found = measure("drift.population_stability", make_sample(inputs=("income",), reference=reference), {})
    assert found.outcome is Outcome.NOT_MEASURED
    assert "there is no column 'region'" in found.reason


def test_no_reference_no_drift(make_sample: Callable[..., Sample]) -> None:
    found = measure("drift.population_stability", make_sample(), {})
    assert found.outcome is Outcome.NOT_MEASURED
    assert "has no reference profile" in found.reason
