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


def applications(rows: int, seed: int) -> tuple[pa.Table, np.ndarray]:
    """Return applications and the true probability of default; younger people default more often."""
    generator = np.random.default_rng(seed)
    age = generator.integers(18, 80, rows)
    income = generator.lognormal(10, 0.5, rows) * (0.7 + age / 100)
    chance = 1 / (1 + np.exp(1.2 + 1.5 * (np.log(income) - 10) - 0.3 * (age < 25)))
    table = pa.table(
        {
            "age": age,
            "income": income,
            "region": generator.choice(["north", "south"], rows),
            "default": (generator.random(rows) < chance).astype(np.int64),
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
        )

    return make
