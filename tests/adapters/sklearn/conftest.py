"""A small table with every kind of column, nulls included, and what its columns are."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from muster.records.data import Column, ColumnType
from muster.records.model import Recipe

COLUMNS = (
    Column("income", ColumnType.NUMBER, nullable=True),
    Column("home", ColumnType.CATEGORY),
    Column("age", ColumnType.INTEGER),
    Column("job", ColumnType.CATEGORY, nullable=True, categories=("clerk", "nurse", "pilot")),
)


@pytest.fixture(scope="session")
def table() -> pa.Table:
    """Six hundred rows; who defaults depends on every column."""
    rng = np.random.default_rng(3)
    income, age = rng.lognormal(3, 0.6, 600), rng.integers(18, 80, 600)
    home, job = rng.choice(["own", "rent"], 600), rng.choice(["clerk", "nurse"], 600).astype(object)
    missing, jobless = rng.random(600) < 0.1, rng.random(600) < 0.1
    margin = 0.05 * (25 - income) + (home == "rent") - 0.02 * (age - 45) + jobless + missing + rng.normal(size=600)
    job[jobless] = None
    return pa.table(
        {
            "income": pa.array(income, mask=missing),
            "home": pa.array(home).dictionary_encode(),
            "age": age,
            "job": pa.array(job, pa.string()),
            "default": (margin > 0.5).astype(np.int64),
        }
    )


@pytest.fixture
def columns() -> tuple[Column, ...]:
    """What the table holds."""
    return COLUMNS


@pytest.fixture(params=["logistic-regression", "gradient-boosting"])
def recipe(request: pytest.FixtureRequest) -> Recipe:
    """A recipe of each family that takes every column."""
    parameters = {"max_iter": 10} if request.param == "gradient-boosting" else {}
    return Recipe(request.param, ("age", "job", "income", "home"), "default", 1, parameters, seed=5)
