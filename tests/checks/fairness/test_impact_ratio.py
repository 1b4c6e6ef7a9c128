from collections.abc import Callable
from functools import partial

import numpy as np
import pyarrow as pa
import pytest
from tests.checks.measured import figures_of

from muster.columns.sample import Sample
from muster.columns.statistics.intervals import ratio
from muster.records.evidence import Figure

figures = partial(figures_of, "fairness.impact_ratio")


def test_ratios_are_those_counted_by_hand(make_sample: Callable[..., Sample]) -> None:
    sample = make_sample()
    found = figures(sample, attribute="age", bands={"age": [25, 50]})
    ages, approved = sample.table["age"].to_numpy(), sample.scores < 0.3
    young, middle, old = ages < 25, (ages >= 25) & (ages < 50), ages >= 50
    assert found["favourable_rate", "age=under 25"].value == approved[young].mean()
    assert found["impact_ratio", "age=under 25"].value == approved[young].mean() / approved[old].mean()
    low, high = ratio(approved[middle].sum(), middle.sum(), approved[old].sum(), old.sum())
    assert found["impact_ratio", "age=25-49"] == Figure(
        "impact_ratio", approved[middle].mean() / approved[old].mean(), int(middle.sum()), low, high, "age=25-49"
    )
    reference = found["impact_ratio", "age=50 and over"]
    assert (reference.value, reference.low, reference.high) == (1.0, 1.0, 1.0)
    assert reference.note.startswith("reference group")
    assert found["unknown_share", ""].value == 0.0


def test_order_of_rows_never_matters(make_sample: Callable[..., Sample]) -> None:
    sample, turned = make_sample(), np.random.default_rng(0).permutation(4000)
    shuffled = make_sample(table=sample.table.take(turned), scores=sample.scores[turned])
    parameters = {"attribute": "age", "bands": [25, 50]}
    assert figures(sample, **parameters) == figures(shuffled, **parameters)


def test_unknown_members_stay_in_sight(make_sample: Callable[..., Sample]) -> None:
    groups = ["a"] * 60 + ["b"] * 40 + [None] * 20
    scores = np.asarray([0.1] * 60 + [0.1] * 30 + [0.9] * 10 + [0.9] * 20)
    found = figures(make_sample(table=pa.table({"g": groups}), scores=scores, target="", inputs=()), attribute="g")
    assert found["impact_ratio", "g=unknown"].value == 0.0
    assert found["impact_ratio", "g=unknown"].low == 0.0 < found["impact_ratio", "g=unknown"].high < 0.3
    assert found["unknown_share", ""].value == pytest.approx(20 / 120)
    shares = [figure.value for (name, _), figure in found.items() if name in {"group_share", "unknown_share"}]
    assert sum(shares) == pytest.approx(1.0)


def test_a_band_that_nobody_is_in_is_not_passed_over(make_sample: Callable[..., Sample]) -> None:
    found = figures(make_sample(), attribute="age", bands=[25, 100])
    assert found["group_share", "age=100 and over"].value == 0.0
    nobody = found["impact_ratio", "age=100 and over"]
    assert (nobody.value, nobody.n, nobody.low) == (0.0, 0, 0.0)
    assert nobody.high > 1.0, "an interval that decides nothing"
    assert "nothing is known" in nobody.note


def test_measures_logged_decisions_without_labels(make_sample: Callable[..., Sample]) -> None:
    decided = np.arange(4000) % 2 == 0
    found = figures(make_sample(target="", favourable=decided), attribute="region")
    assert found["favourable_rate", "region=north"].value == pytest.approx(0.5, abs=0.05)
