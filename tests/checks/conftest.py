"""Samples for checks: synthetic credit applications with a score that is calibrated by construction."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from muster.columns.sample import Sample
from muster.records.model import DecisionRule, Favourable

MakeSample = Callable[..., Sample]

BELOW = DecisionRule(0.3, Favourable.BELOW)


def chance_of(age: np.ndarray, income: np.ndarray) -> np.ndarray:
    """Return the true probability of default."""
    return 1 / (1 + np.exp(1.2 + 1.5 * (np.log(income) - 10) - 0.3 * (age < 25)))


def rescorer(table: pa.Table) -> np.ndarray:
    """Score changed applications as the sample was scored."""
    return chance_of(table["age"].to_numpy(), table["income"].to_numpy())


def applications(rows: int, seed: int) -> tuple[pa.Table, np.ndarray]:
    """Return applications and the true probability of default; younger people default more often."""
    generator = np.random.default_rng(seed)
    age = generator.integers(18, 80, rows)
    income = generator.lognormal(10, 0.5, rows) * (0.7 + age / 100)
    chance = chance_of(age, income)
    table = pa.table(
        {
            "age": age,
            "income": income,
            "region": generator.choice(["north", "south"], rows),
            "default": (generator.random(rows) < chance).astype(np.int64),
            "one": np.where(age < 50, 0.25, 0.75),
            "two": np.where(age < 50, 0.75, 0.25),
        }
    )
    return table, chance


@pytest.fixture
def make_sample() -> MakeSample:
    def make(rows: int = 4000, seed: int = 1, table: pa.Table | None = None, scores: Any = None, **more: Any) -> Sample:
        drawn, chance = applications(rows, seed)
        given = {"rule": BELOW, "target": "default", "inputs": ("income", "region"), **more}
        return Sample.of(
            drawn if table is None else table,
            chance if scores is None else scores,
            name="synthetic",
            digest="sha256:00",
            role="held-out",
            **given,
        ).beside(rescorer=rescorer if table is None and scores is None else None)

    return make
